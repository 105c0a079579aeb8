package io.claviger.stub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The requests received by the stub. The stub's event loop writes these records, and tests' threads
 * read them.
 */
final class Recordings {
  private final boolean keeping;
  private final List<RecordedRequest> requests = new ArrayList<>();
  private final List<String> socketMessages = OpenAiSocket.newMessages();
  private int cancelled;

  Recordings(boolean keeping) {
    this.keeping = keeping;
  }

  void record(IncomingRequest request, boolean complete) {
    if (!keeping) {
      return;
    }
    RecordedRequest recorded = request.recorded(complete);
    synchronized (this) {
      requests.add(recorded);
      notifyAll();
    }
  }

  List<String> socketMessages() {
    return socketMessages;
  }

  synchronized void countCancelled() {
    cancelled++;
    notifyAll();
  }

  synchronized List<RecordedRequest> requests() {
    return List.copyOf(requests);
  }

  synchronized int cancelledRequests() {
    return cancelled;
  }

  synchronized void clear() {
    requests.clear();
    cancelled = 0;
  }

  synchronized List<RecordedRequest> awaitRequests(int count, Duration patience) {
    if (!keeping) {
      throw new IllegalStateException("this stub provider records nothing");
    }
    await("requests", requests::size, count, patience);
    return List.copyOf(requests);
  }

  synchronized void awaitCancelled(int count, Duration patience) {
    await("cancelled requests", () -> cancelled, count, patience);
  }

  private synchronized void await(String what, IntSupplier seen, int count, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (seen.getAsInt() < count) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new IllegalStateException(
            seen.getAsInt() + " " + what + " instead of " + count + " after " + patience);
      }
      try {
        wait(left);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for " + what, interrupted);
      }
    }
  }
}
