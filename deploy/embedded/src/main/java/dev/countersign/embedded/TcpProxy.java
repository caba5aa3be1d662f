package dev.countersign.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy on loopback whose link can be frozen (bytes wait), resumed (they go on) and cut
 * (every connection is closed). For tests of what happens when a link fails.
 */
public final class TcpProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Object gate = new Object();
  private volatile int target;
  private boolean frozen;
  private volatile boolean closed;

  private TcpProxy(ServerSocket listener) {
    this.listener = listener;
  }

  /** Listens on a free port. Connections are refused until {@link #leadTo} names a target. */
  public static TcpProxy open() {
    try {
      TcpProxy proxy = new TcpProxy(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")));
      proxy.spawn("accept", proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  /** New connections lead to this port on loopback. */
  public TcpProxy leadTo(int port) {
    target = port;
    return this;
  }

  /** From now on no byte passes in either direction; connections stay open. */
  public void freeze() {
    synchronized (gate) {
      frozen = true;
    }
  }

  /** What waited goes on, nothing is lost. */
  public void resume() {
    synchronized (gate) {
      frozen = false;
      gate.notifyAll();
    }
  }

  /** Closes every connection there is now; what waited in them is lost. New ones are let in. */
  public void cut() {
    sockets.forEach(TcpProxy::closeQuietly);
  }

  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
    resume();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = listener.accept();
        sockets.add(client);
        connect(client);
      } catch (IOException e) {
        if (!closed) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void connect(Socket client) {
    try {
      Socket server = new Socket(InetAddress.getByName("127.0.0.1"), target);
      sockets.add(server);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      spawn("up", () -> pump(client, server));
      spawn("down", () -> pump(server, client));
    } catch (IOException e) {
      closeQuietly(client);
      sockets.remove(client);
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[64 * 1024];
    try {
      for (int n; (n = from.getInputStream().read(buffer)) >= 0; ) {
        awaitOpenGate();
        to.getOutputStream().write(buffer, 0, n);
      }
    } catch (IOException e) {
      // One end closed: the other end follows.
    } finally {
      closeQuietly(from);
      closeQuietly(to);
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private void awaitOpenGate() throws IOException {
    synchronized (gate) {
      while (frozen && !closed) {
        try {
          gate.wait();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
    }
  }

  private void spawn(String name, Runnable task) {
    Thread thread = new Thread(task, "tcp-proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Closing is all that was wanted.
    }
  }
}
