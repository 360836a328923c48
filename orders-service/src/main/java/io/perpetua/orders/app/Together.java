package io.perpetua.orders.app;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Waits for several answers. */
public final class Together {
    private Together() {}

    /** All of them in their order, once the last is there; fails if one does. */
    public static <T> CompletionStage<List<T>> all(List<? extends CompletionStage<T>> parts) {
        List<CompletableFuture<T>> waits =
                parts.stream().map(CompletionStage::toCompletableFuture).toList();
        return CompletableFuture.allOf(waits.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> waits.stream().map(CompletableFuture::join).toList());
    }
}
