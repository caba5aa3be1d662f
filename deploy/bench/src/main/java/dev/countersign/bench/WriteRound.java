package dev.countersign.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What so many clients did in a short time, each writing as fast as it is answered.
 *
 * @param perSecond writes of all clients
 * @param p99Millis ninety-nine of a hundred writes took at most this long
 */
record WriteRound(double perSecond, double p99Millis) {
  static WriteRound run(WriteLoad load, int clients, Duration time) throws Exception {
    List<WriteLoad.Client> opened = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      for (int i = 0; i < clients; i++) {
        opened.add(load.client());
      }
      long start = System.nanoTime();
      long end = start + time.toNanos();
      List<Callable<long[]>> tasks = new ArrayList<>();
      opened.forEach(client -> tasks.add(() -> write(client, end)));
      long[] nanos = all(threads.invokeAll(tasks));
      double seconds = (System.nanoTime() - start) / 1e9;
      Arrays.sort(nanos);
      return new WriteRound(nanos.length / seconds, nanos[(int) (nanos.length * 0.99)] / 1e6);
    } finally {
      threads.shutdown();
      for (WriteLoad.Client client : opened) {
        client.close();
      }
    }
  }

  private static long[] write(WriteLoad.Client client, long end) throws Exception {
    long[] nanos = new long[1024];
    int count = 0;
    for (long before = System.nanoTime(); before < end || count == 0; ) {
      client.write();
      long after = System.nanoTime();
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * count);
      }
      nanos[count++] = after - before;
      before = after;
    }
    return Arrays.copyOf(nanos, count);
  }

  private static long[] all(List<Future<long[]>> parts)
      throws InterruptedException, ExecutionException {
    List<long[]> arrays = new ArrayList<>();
    for (Future<long[]> part : parts) {
      arrays.add(part.get());
    }
    return arrays.stream().flatMapToLong(Arrays::stream).toArray();
  }
}
