package io.perpetua.edge;

import jakarta.inject.Singleton;
import java.util.List;

/** A log whose problems a test names. */
@Singleton
public class SampleLog implements LogProblems {
    private volatile List<String> problems = List.of();

    void become(String... named) {
        problems = List.of(named);
    }

    @Override
    public List<String> problems() {
        return problems;
    }
}
