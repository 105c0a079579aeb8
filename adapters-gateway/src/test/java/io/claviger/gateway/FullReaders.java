package io.claviger.gateway;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.Continuation;
import io.claviger.gateway.model.BodyReaders;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps the threads that read messages busy, and fills all places for waiting messages. */
final class FullReaders
    implements BodyReaders.Reading, Continuation<BodyReaders.Reading>, AutoCloseable {
  private final Rig rig;
  private final Semaphore mayEnd = new Semaphore(0);
  private final AtomicInteger begun = new AtomicInteger();
  private final EventLoop loop = new DefaultEventLoop();
  private boolean full;
  private int accepted;

  FullReaders(Rig rig) {
    this.rig = rig;
    fill();
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    Rig.await(() -> begun.get() == threads);
    fill(); // the places of those that were taken from the queue
  }

  private void fill() {
    while (!isFull()) {
      // One more is waiting.
    }
  }

  /**
   * Whether no place for a waiting message is left. If a place is left, another message takes it.
   */
  boolean isFull() {
    full = false;
    rig.gateway.bodyReaders.read(this, UUID.randomUUID(), loop, this);
    accepted += full ? 0 : 1;
    return full;
  }

  /** Makes room for one waiting message. */
  void makeRoom() {
    int before = begun.get();
    mayEnd.release();
    Rig.await(() -> begun.get() > before);
  }

  @Override
  public long bytes() {
    return 1 << 20;
  }

  @Override
  public boolean readOn() {
    int unused = begun.incrementAndGet();
    mayEnd.acquireUninterruptibly();
    return true;
  }

  @Override
  public void done(BodyReaders.Reading read) {}

  @Override
  public void refused(CallError why) {
    full = true;
  }

  @Override
  public void failed(Throwable why) {}

  @Override
  public void close() {
    mayEnd.release(Integer.MAX_VALUE / 2);
    Rig.await(() -> begun.get() == accepted); // so that others find the queue empty
    Future<?> unused = loop.shutdownGracefully();
  }
}
