package io.perpetua.edge.stream;

/** The client's side of a stream. All of it is called on the event loop of its connection. */
interface StreamOutlet {
    /** Whether more bytes wait to be read by the client than should. */
    boolean isFull();

    void write(String text);

    void ping();

    /** Stops reading what the client sends. */
    void pause();

    void resume();

    /** Says why and closes, as soon as the client reads it. */
    void close(StreamClose why);

    /** Ends the connection at once, with whatever was not read yet. */
    void abort();
}
