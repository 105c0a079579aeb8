package io.claviger.web.server;

import io.claviger.application.shared.LogRate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that limits the number of header fields, and the duration of each part of an
 * exchange. Header fields are counted while they are decoded.
 *
 * <p>Jetty itself limits the bytes in the header section, and the time between two bytes. These
 * limits of Jetty are not enough. In memory, a field takes many times its size in the header
 * section. And a caller who sends one byte now and then could keep a connection open forever.
 */
final class BoundedConnection extends HttpConnection {
  /** The maximum number of header fields and trailer fields together. */
  static final int MOST_FIELDS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(BoundedConnection.class);

  /** The first byte of TLS (RFC 8446, 5.1), as Jetty's error message shows it. */
  private static final String TLS_HANDSHAKE = "0x16";

  private final ServerLimits limits;
  private final LogRate warnings;
  private final ConnectionDeadline deadline = new ConnectionDeadline();

  /** Whether the head of a request has arrived, but the answer is not complete yet. */
  private volatile boolean running;

  /**
   * @param warnings the object that limits how often a warning about callers who speak another
   *     protocol is logged
   */
  BoundedConnection(
      HttpConfiguration configuration,
      Connector connector,
      EndPoint endPoint,
      ServerLimits limits,
      LogRate warnings) {
    super(configuration, connector, endPoint);
    this.limits = limits;
    this.warnings = warnings;
  }

  boolean isRunning() {
    return running;
  }

  void answered() {
    running = false;
    deadline.lift();
  }

  @Override
  protected RequestHandler newRequestHandler() {
    return new BoundedHandler();
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    deadline.lift();
    super.onClose(cause);
  }

  private final class BoundedHandler extends RequestHandler {
    private boolean begun;
    private int fields;
    private boolean hasBody;

    /** If a request line arrives in parts, Jetty calls this method again for each part. */
    @Override
    public void messageBegin() {
      super.messageBegin();
      if (!begun) {
        begun = true;
        fields = 0;
        hasBody = false;
        deadline.set(limits.headTime());
      }
    }

    @Override
    public void parsedHeader(HttpField field) {
      count();
      hasBody |= announcesBody(field);
      super.parsedHeader(field);
    }

    @Override
    public void parsedTrailer(HttpField field) {
      count();
      super.parsedTrailer(field);
    }

    @Override
    public boolean headerComplete() {
      begun = false;
      running = true;
      deadline.set(hasBody ? limits.bodyTime() : limits.answerTime());
      return super.headerComplete();
    }

    /**
     * Called after the body of a request was read completely. For a request without a body, Jetty
     * calls this method after the answer.
     */
    @Override
    public boolean messageComplete() {
      if (hasBody && running) {
        deadline.set(limits.answerTime());
      }
      return super.messageComplete();
    }

    /**
     * Logs that the first byte of a connection was the first byte of TLS. The parser refuses this
     * byte immediately.
     */
    @Override
    public void badMessage(HttpException failure) {
      if (fields == 0
          && String.valueOf(failure.getReason()).contains(TLS_HANDSHAKE)
          && warnings.allows()) {
        LOG.warn(
            "A caller began TLS on the port of the API, which speaks plain HTTP: the URL has to"
                + " begin with http://, or a proxy has to end TLS.");
      }
      super.badMessage(failure);
    }

    private void count() {
      if (++fields > MOST_FIELDS) {
        throw new HttpException.RuntimeException(
            HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431, "too many fields");
      }
    }
  }

  private static boolean announcesBody(HttpField field) {
    return field.getHeader() == HttpHeader.TRANSFER_ENCODING
        || (field.getHeader() == HttpHeader.CONTENT_LENGTH && !"0".equals(field.getValue()));
  }

  /** The time at which the connection is closed, unless this deadline is changed earlier. */
  private final class ConnectionDeadline {
    private final ReentrantLock lock = new ReentrantLock();
    private Scheduler.@Nullable Task task;

    void set(Duration time) {
      lock.lock();
      try {
        lift();
        task =
            getConnector()
                .getScheduler()
                .schedule(
                    () -> getEndPoint().close(new TimeoutException("the caller is too slow")),
                    time.toNanos(),
                    TimeUnit.NANOSECONDS);
      } finally {
        lock.unlock();
      }
    }

    void lift() {
      lock.lock();
      try {
        if (task != null) {
          task.cancel();
          task = null;
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
