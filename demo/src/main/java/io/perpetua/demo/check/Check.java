package io.perpetua.demo.check;

/** A sentence about the whole platform, whether it holds, and the figures it was judged by. */
public record Check(String sentence, boolean holds, String figures) {
    @Override
    public String toString() {
        return (holds ? "  holds   " : "  BROKEN  ") + sentence + ": " + figures;
    }
}
