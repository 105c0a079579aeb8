package io.claviger.client.http;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.text.TerminalText;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Sends requests to one server, and explains connection failures. */
final class HttpExchange implements AutoCloseable {
  private static final int OK = 200;

  /**
   * The time for which commands wait for a connection, for an answer, and for the body of the
   * answer.
   */
  static final Patience USUAL = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(90));

  /** The maximum size of an answer, in bytes. A page of a list has about one megabyte at most. */
  private static final int MOST_BYTES = 64 * 1024 * 1024;

  private final URI server;
  private final Patience patience;
  private WaitingNote note;

  /**
   * The HTTP client. The client is null until the first request, because some commands send none.
   */
  private @Nullable HttpClient client;

  /**
   * The maximum times for which a command waits for a server.
   *
   * @param connecting the maximum time until the connection is open
   * @param answering the maximum time until an answer begins, and then the maximum time for its
   *     body. A body that is written to a file may take longer, but some bytes of the body must
   *     arrive within this time
   */
  record Patience(Duration connecting, Duration answering) {}

  HttpExchange(URI server, Patience patience, WaitingNote note) {
    this.server = server;
    this.patience = patience;
    this.note = note;
  }

  /** Stops telling the user that the command is waiting for an answer. */
  void silence() {
    note.close();
    note = WaitingNote.none();
  }

  private HttpClient newClient() {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(patience.connecting())
            // The thread that waits for an answer also reads it, so that no further threads are
            // needed.
            .executor(Runnable::run)
            // Redirects are not followed, because the access token must be sent only to this
            // server.
            .followRedirects(HttpClient.Redirect.NEVER);
    return server.getScheme().equals("http")
        ? builder.sslContext(trustingNobody()).build()
        : builder.build();
  }

  /**
   * Returns a TLS context without trusted certificates, for use with http:// only. Loading the
   * certificates that the JDK trusts would take as long as a whole command.
   */
  private static SSLContext trustingNobody() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * An answer with its whole body.
   *
   * @param retryAfter the value of the header {@code Retry-After}; empty if there is none
   */
  record Received(int status, String contentType, String retryAfter, String body) {}

  /**
   * Begins a request.
   *
   * @param path the path with its query, beginning with the first slash
   */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server + path)).timeout(patience.answering());
  }

  Received send(HttpRequest request) {
    return send(request, Optional.empty());
  }

  /**
   * Sends a request.
   *
   * @param file the file to which the body of an answer with status 200 is written as it arrives;
   *     the body is then not returned
   */
  Received send(HttpRequest request, Optional<Writer> file) {
    HttpClient made = client == null ? newClient() : client;
    client = made;
    note.begin();
    try {
      HttpResponse<InputStream> response =
          made.send(request, HttpResponse.BodyHandlers.ofInputStream());
      boolean isFile = file.isPresent() && response.statusCode() == OK;
      try (InputStream body = new ArrivingBody(response.body(), isFile)) {
        if (isFile) {
          long unused =
              new InputStreamReader(body, StandardCharsets.UTF_8).transferTo(file.orElseThrow());
        }
        byte[] bytes = body.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
          throw unlike("its answer is too long");
        }
        HttpHeaders headers = response.headers();
        return new Received(
            response.statusCode(),
            headers.firstValue("Content-Type").orElse(""),
            headers.firstValue("Retry-After").orElse(""),
            new String(bytes, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw fault(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ClientFault.of("the command was interrupted");
    } finally {
      note.end();
    }
  }

  private ClientFault fault(IOException fault) {
    if (fault instanceof HttpConnectTimeoutException) {
      return away(
          "there is no connection within %d seconds".formatted(patience.connecting().toSeconds()));
    }
    if (fault instanceof HttpTimeoutException) {
      return away(
          "there is no answer within %d seconds".formatted(patience.answering().toSeconds()));
    }
    if (fault instanceof ConnectException) {
      return away(
          isUnresolved(fault.getCause())
              ? "this host name can't be resolved"
              : "there is no connection");
    }
    if (fault instanceof SSLException) {
      return ClientFault.of(
          "%s has no trusted certificate for this name, or does not use TLS".formatted(server),
          "Java says: " + TerminalText.line(String.valueOf(fault.getMessage())),
          "If the server does not use TLS, its address must begin with http://.");
    }
    return ClientFault.of(
        "%s does not answer as Claviger does: its answer is not HTTP, or ended too early"
            .formatted(server),
        "If the server uses TLS, its address must begin with https://.");
  }

  private static boolean isUnresolved(@Nullable Throwable cause) {
    return cause != null
        && (cause instanceof UnresolvedAddressException || isUnresolved(cause.getCause()));
  }

  private ClientFault away(String why) {
    return ClientFault.of(
        "%s does not answer: %s".formatted(server, why),
        "Try `curl -i %s/v1`, or ask the server's operator whether it runs.".formatted(server));
  }

  /**
   * Returns the fault for an answer that does not come from Claviger, or that comes from an
   * incompatible version of Claviger.
   */
  ClientFault unlike(String why) {
    return ClientFault.of(
        "%s does not answer as Claviger does: %s".formatted(server, why),
        "Give the address of the API: `curl -i %s/v1` has to answer.".formatted(server));
  }

  /**
   * The body of an answer. The body is closed if it does not arrive in time. The HTTP client itself
   * limits only the time until an answer begins.
   */
  private final class ArrivingBody extends FilterInputStream {
    private static final int CHECKS = 10;

    private final boolean isFile;
    private final Timer timer = new Timer("arriving", true);
    private volatile long since = System.nanoTime();

    /**
     * Whether the body's time limit is running. If the body is written to a file, the time limit
     * stops while a part is being written.
     */
    private volatile boolean awaited = true;

    private volatile boolean late;

    ArrivingBody(InputStream body, boolean isFile) {
      super(body);
      this.isFile = isFile;
      long period = Math.max(1, patience.answering().toMillis() / CHECKS);
      timer.schedule(
          new TimerTask() {
            @Override
            public void run() {
              closeIfLate();
            }
          },
          period,
          period);
    }

    private void closeIfLate() {
      if (awaited && System.nanoTime() - since > patience.answering().toNanos()) {
        late = true;
        try {
          in.close();
        } catch (IOException e) {
          // The reading code learns from `late` that the body did not arrive in time.
        }
      }
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      since = isFile ? System.nanoTime() : since;
      awaited = true;
      try {
        int count = super.read(bytes, from, length);
        if (!late) {
          return count;
        }
      } catch (IOException e) {
        if (!late) {
          throw e;
        }
      } finally {
        awaited = !isFile;
      }
      throw away("the rest of its answer does not arrive");
    }

    @Override
    public void close() throws IOException {
      timer.cancel();
      super.close();
    }
  }

  @Override
  public void close() {
    note.close();
    if (client != null) {
      client.shutdownNow();
    }
  }
}
