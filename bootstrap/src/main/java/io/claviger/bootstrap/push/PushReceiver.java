package io.claviger.bootstrap.push;

import io.claviger.application.audit.port.AuditChainStore.StoredLink;
import io.claviger.application.audit.port.AuditReceiver;
import io.claviger.custody.TrustedAuthorities;
import io.claviger.domain.audit.ChainHead;
import io.claviger.host.Confidential;
import io.claviger.web.audit.AuditLines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Pushes the audit trail over TLS. Connects only to permitted addresses, verifies the receiver's
 * certificate and name, and opens a new connection for each piece of the trail. A connection lasts
 * at most half a minute, even if the receiver reads or answers slowly.
 *
 * <p>An https receiver confirms a piece with a success status. Claviger reads only this status, and
 * not the rest of the receiver's answer. A syslog receiver does not answer. A piece has arrived at
 * a syslog receiver if the receiver closes the connection normally after Claviger has closed its
 * side. A receiver that has not read everything resets the connection instead.
 */
public final class PushReceiver implements AuditReceiver {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CONNECT_MILLIS = 10_000;
  private static final int LONGEST_STATUS = 1_024;
  private static final int MOST_AFTERWARDS = 65_536;

  /**
   * The statuses that mean that a piece of the trail was too large for the receiver, or took too
   * long to arrive or to process.
   */
  private static final Set<String> OF_LENGTH = Set.of("413", "408", "504");

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})(?: .*)?");

  private final PushTarget target;
  private final Optional<Confidential> header;
  private final SSLContext tls;
  private final Addresses addresses;
  private final String node;
  private final Duration patience;

  /** Finds those addresses of a host to which Claviger may connect. */
  @FunctionalInterface
  public interface Addresses {
    /**
     * @return the addresses; empty if Claviger may not connect to the host
     */
    List<InetAddress> permitted(String host, int port) throws UnknownHostException;
  }

  private PushReceiver(
      PushTarget target,
      Optional<Confidential> header,
      SSLContext tls,
      Addresses addresses,
      String node,
      Duration patience) {
    this.target = target;
    this.header = header;
    this.tls = tls;
    this.addresses = addresses;
    this.node = node;
    this.patience = patience;
  }

  /**
   * @param header a header line for https, such as one with a token; empty if no header is sent
   * @param authorities the PEM certificates of the authorities for the receiver's certificate; if
   *     empty, the JDK's trusted authorities apply
   * @param node the node's name for operators
   * @throws IllegalArgumentException if the authorities are not PEM certificates
   */
  public static PushReceiver of(
      PushTarget target,
      Optional<Confidential> header,
      Optional<Confidential> authorities,
      Addresses addresses,
      String node) {
    return new PushReceiver(target, header, trust(authorities), addresses, node, PATIENCE);
  }

  /**
   * @param time the timeout for pushing one piece
   */
  PushReceiver patientFor(Duration time) {
    return new PushReceiver(target, header, tls, addresses, node, time);
  }

  private static SSLContext trust(Optional<Confidential> authorities) {
    try {
      return authorities.isEmpty()
          ? SSLContext.getDefault()
          : TrustedAuthorities.client(authorities.get().lendUtf8(byte[]::clone));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no certificates in PEM", e);
    }
  }

  @Override
  public void deliver(List<StoredLink> links, Optional<ChainHead> head) {
    send(
        target.syslog()
            ? PushedLines.syslog(links, head, node)
            : request(PushedLines.json(links, head)));
  }

  @Override
  public void continueAfter(long number, String hash, Instant at) {
    byte[] line = AuditLines.writePlace(number, hash);
    send(
        target.syslog()
            ? PushedLines.syslogPlace(line, at, node)
            : request(PushedLines.alone(line)));
  }

  private void send(byte[] sent) {
    List<InetAddress> permitted = permitted();
    AtomicBoolean late = new AtomicBoolean();
    AtomicBoolean sending = new AtomicBoolean();
    try (Socket connection = new Socket()) {
      CompletableFuture<Void> end =
          CompletableFuture.runAsync(
              () -> {
                late.set(true);
                close(connection);
              },
              CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS));
      try {
        connect(connection, permitted);
        send(connection, sent, sending);
      } finally {
        boolean unused = end.cancel(false);
      }
    } catch (SSLException e) {
      throw new Undelivered(
          late.get()
              ? slow()
              : named() + " has a certificate that is not trusted, or TLS with it fails",
          sending.get());
    } catch (IOException e) {
      throw new Undelivered(
          late.get() ? slow() : named() + " can't be reached, or broke the connection off",
          sending.get());
    }
  }

  private String named() {
    return "the receiver of the audit trail at " + target.url().authority();
  }

  private String slow() {
    return named() + " did not take everything in time";
  }

  private List<InetAddress> permitted() {
    try {
      List<InetAddress> permitted = addresses.permitted(target.url().host(), target.url().port());
      if (permitted.isEmpty()) {
        throw new Undelivered(named() + " has no address to which Claviger may connect", false);
      }
      return permitted;
    } catch (UnknownHostException e) {
      throw new Undelivered("the host of the receiver of the audit trail is not known", false);
    }
  }

  private void connect(Socket connection, List<InetAddress> permitted) throws IOException {
    // A socket that could not connect can't be used again, so only one address is tried. The next
    // attempt asks the name server again.
    InetAddress address =
        permitted.get((int) Math.floorMod(System.nanoTime(), (long) permitted.size()));
    connection.connect(new InetSocketAddress(address, target.url().port()), CONNECT_MILLIS);
  }

  /**
   * @param sending a flag that this method sets to true before it sends the first byte. A failure
   *     after the first byte might mean that {@code sent} is too long: some receivers close the
   *     connection instead of answering 413
   */
  private void send(Socket connection, byte[] sent, AtomicBoolean sending) throws IOException {
    try (SSLSocket secured =
        (SSLSocket)
            tls.getSocketFactory()
                .createSocket(connection, target.host(), target.url().port(), false)) {
      SSLParameters parameters = secured.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      secured.setSSLParameters(parameters);
      secured.startHandshake();
      sending.set(true);
      OutputStream out = secured.getOutputStream();
      out.write(sent);
      out.flush();
      InputStream in = secured.getInputStream();
      if (target.syslog()) {
        secured.shutdownOutput();
        awaitEnd(in);
      } else {
        demandSuccess(in);
      }
    }
  }

  private void awaitEnd(InputStream in) throws IOException {
    int read = 0;
    while (in.read() >= 0) {
      if (++read > MOST_AFTERWARDS) {
        throw new Undelivered(named() + " sends something instead of receiving", false);
      }
    }
  }

  private void demandSuccess(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
      if (line.length() > LONGEST_STATUS) {
        throw new Undelivered(named() + " does not answer as HTTP does", false);
      }
    }
    Matcher status = STATUS.matcher(line.toString().stripTrailing());
    if (!status.matches()) {
      throw new Undelivered(named() + " does not answer as HTTP does", line.isEmpty());
    }
    if (status.group(1).charAt(0) != '2') {
      throw new Undelivered(
          named() + " answered " + status.group(1), OF_LENGTH.contains(status.group(1)));
    }
  }

  private byte[] request(byte[] body) {
    ByteArrayOutputStream request = new ByteArrayOutputStream(body.length + 512);
    // None of these values contains a line break: the header was checked when the settings were
    // read, and URLs can't contain line breaks.
    request.writeBytes(
        """
        POST %s HTTP/1.1
        Host: %s
        User-Agent: claviger
        Content-Type: application/x-ndjson
        Content-Length: %s
        Connection: close
        """
            .formatted(target.url().target(), target.url().authority(), body.length)
            .replace("\n", "\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    header.ifPresent(
        secret -> {
          boolean unused =
              secret.lendUtf8(
                  bytes -> {
                    request.writeBytes(bytes);
                    request.writeBytes(new byte[] {'\r', '\n'});
                    return true;
                  });
        });
    request.writeBytes(new byte[] {'\r', '\n'});
    request.writeBytes(body);
    return request.toByteArray();
  }

  private static void close(Socket connection) {
    try {
      connection.close();
    } catch (IOException e) {
      // A failure to close the socket does no harm, because nobody uses the socket any more.
    }
  }
}
