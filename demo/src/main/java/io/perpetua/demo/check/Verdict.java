package io.perpetua.demo.check;

import java.util.List;

/** All checks of one moment. */
public record Verdict(List<Check> checks) {
    /** The checks as they are. */
    public Verdict {
        checks = List.copyOf(checks);
    }

    /** Whether all hold. */
    public boolean holds() {
        return checks.stream().allMatch(Check::holds);
    }

    /** One line a check. */
    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        for (Check check : checks) {
            lines.append(check).append('\n');
        }
        return lines.toString();
    }
}
