/**
 * Hostile input by the seed: every operation of every OpenAPI document is driven with requests that
 * are valid, nearly valid, or anything but, and every answer is judged.
 */
package io.perpetua.systemtests.fuzz;
