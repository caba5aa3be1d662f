package dev.countersign.approval.evaluate;

import dev.countersign.approval.config.ApprovalConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The threads that evaluate dry runs, so that these never hold up a decision. */
@ApplicationScoped
public class EvaluatePool {
  private final ThreadPoolExecutor threads;

  public EvaluatePool(ApprovalConfig config) {
    int size = config.evaluateThreads();
    threads =
        new ThreadPoolExecutor(
            size,
            size,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(config.evaluateQueue()),
            task -> {
              Thread thread = new Thread(task, "evaluate");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Runs the work on a free thread.
   *
   * @throws RejectedExecutionException if too much waits already
   */
  public <T> CompletionStage<T> submit(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, threads);
  }

  @PreDestroy
  void close() {
    threads.shutdownNow();
  }
}
