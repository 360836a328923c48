package io.perpetua.eventlog;

/**
 * An event with its place in its channel.
 *
 * @param number dense within the channel, from 1
 */
record Numbered(Outgoing record, long number) {}
