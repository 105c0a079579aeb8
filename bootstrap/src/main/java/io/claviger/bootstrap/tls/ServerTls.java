package io.claviger.bootstrap.tls;

import io.claviger.bootstrap.settings.TlsSettings;
import io.claviger.custody.TrustedAuthorities;
import io.claviger.host.StartRefused;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of TLS for both listeners. The listeners accept TLS 1.3 and 1.2, only with
 * authenticated encryption and ephemeral keys, and only for HTTP/1.1. After a change, the files are
 * read again within {@link #LOOK_EVERY}. If the new files are unusable, the former files stay in
 * use, and the log says so.
 */
public final class ServerTls implements Supplier<SSLEngine>, AutoCloseable {
  /** The interval at which the files with the certificate and the key are read. */
  static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  /** If a certificate expires within this time, a warning is logged. */
  public static final Duration SOON = Duration.ofDays(14);

  /** The interval at which the log says that the certificate expires soon or has expired. */
  private static final Duration REMIND_EVERY = Duration.ofDays(1);

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private static final String[] SUITES = {
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
  };

  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

  private final TlsSettings settings;
  private final InstantSource clock;
  private final ScheduledExecutorService looking;
  private volatile SSLContext context;
  private volatile Instant end;

  /**
   * The time of the next warning in the log that the certificate expires soon or has expired. Only
   * the thread that reads the files uses this field.
   */
  private Instant remindAt = Instant.MIN;

  /**
   * The last content of the files, even if this content was unusable. If the certificate is not
   * valid yet, this field keeps the content before it, so that the files are read again until the
   * certificate is valid. Only the thread that reads the files uses this field.
   */
  private TlsFiles.Content seen;

  /**
   * The last reported reason why changed files are not used; empty if there is none. Only the
   * thread that reads the files uses this field.
   */
  private String told = "";

  private ServerTls(
      TlsSettings settings,
      InstantSource clock,
      TlsFiles.Content seen,
      SSLContext context,
      Instant end) {
    this.settings = settings;
    this.clock = clock;
    this.seen = seen;
    this.context = context;
    this.end = end;
    this.looking =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("tls-files").factory());
  }

  /** Forbids renegotiation, which would cost this node much more than the caller. */
  public static void refuseRenegotiation() {
    String unused = System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
  }

  /**
   * Checks the files before anything else is started, and before anything, such as the schema, is
   * changed.
   *
   * @throws StartRefused if the files are unusable
   */
  public static void demandUsable(TlsSettings settings) {
    try {
      SSLContext unused = contextOf(TlsFiles.load(settings));
    } catch (TlsFiles.Unusable e) {
      throw new StartRefused(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Reads the files, and then regularly looks for changes.
   *
   * @throws StartRefused if the files are unusable
   */
  public static ServerTls start(TlsSettings settings) {
    ServerTls tls = of(settings, InstantSource.system());
    var unused =
        tls.looking.scheduleWithFixedDelay(
            tls::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return tls;
  }

  /** Reads the files once. Only a call of {@link #look} reads them again. */
  static ServerTls of(TlsSettings settings, InstantSource clock) {
    refuseRenegotiation();
    try {
      TlsFiles.Content content = TlsFiles.read(settings);
      TlsFiles files = TlsFiles.of(content, settings.clientAuthorities().isPresent());
      Instant now = clock.instant();
      ServerTls tls = new ServerTls(settings, clock, content, contextOf(files), files.end(now));
      warnOfEnded(files, now);
      tls.remind();
      return tls;
    } catch (TlsFiles.Unusable e) {
      throw new StartRefused(String.valueOf(e.getMessage()), e);
    }
  }

  /** Returns a new TLS engine for the server's side of a connection. */
  @Override
  public SSLEngine get() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = new SSLParameters(SUITES, PROTOCOLS);
    parameters.setUseCipherSuitesOrder(true);
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    parameters.setNeedClientAuth(settings.clientAuthorities().isPresent());
    engine.setSSLParameters(parameters);
    return engine;
  }

  @Override
  public void close() {
    List<Runnable> unused = looking.shutdownNow();
  }

  /** Returns when the certificate that is in use expires. */
  public Instant end() {
    return end;
  }

  /**
   * Reads the files, and uses them from now on if they changed. If the certificate expires soon or
   * has expired, the log says so once a day.
   */
  void look() {
    read();
    remind();
  }

  private void read() {
    try {
      TlsFiles.Content content = TlsFiles.read(settings);
      if (content.isSame(seen)) {
        told = "";
        return;
      }
      TlsFiles.Content before = seen;
      seen = content;
      TlsFiles files = TlsFiles.of(content, settings.clientAuthorities().isPresent());
      Instant now = clock.instant();
      if (!now.isBefore(files.end(now))) {
        throw new TlsFiles.Unusable("the certificate of CLAVIGER_TLS_CERT has expired");
      }
      if (now.isBefore(files.beginning()) && now.isBefore(end)) {
        seen = before;
        throw new TlsFiles.Unusable(
            "the certificate of CLAVIGER_TLS_CERT is not valid before " + files.beginning());
      }
      context = contextOf(files);
      end = files.end(now);
      remindAt = Instant.MIN;
      told = "";
      LOG.info(
          "The certificate of CLAVIGER_TLS_CERT was replaced. The new certificate ends at {}.",
          end);
      warnOfEnded(files, now);
    } catch (TlsFiles.Unusable e) {
      String why = String.valueOf(e.getMessage());
      if (!why.equals(told)) {
        told = why;
        LOG.error("The former certificate stays in use: {}.", why);
      }
    } catch (RuntimeException e) {
      LOG.error("The files of CLAVIGER_TLS_CERT could not be read again.", e);
    }
  }

  private static void warnOfEnded(TlsFiles files, Instant now) {
    files
        .endedBefore(now)
        .ifPresent(
            at ->
                LOG.warn(
                    "An intermediate certificate in the file of CLAVIGER_TLS_CERT ended at {}."
                        + " Callers that need it refuse the certificate.",
                    at));
  }

  private void remind() {
    Instant now = clock.instant();
    if (now.plus(SOON).isBefore(end) || now.isBefore(remindAt)) {
      return;
    }
    Instant next = now.plus(REMIND_EVERY);
    if (now.isBefore(end)) {
      LOG.warn("The certificate of CLAVIGER_TLS_CERT ends at {}.", end);
      remindAt = next.isBefore(end) ? next : end;
    } else {
      LOG.error("The certificate of CLAVIGER_TLS_CERT ended at {}. Callers refuse it.", end);
      remindAt = next;
    }
  }

  private static SSLContext contextOf(TlsFiles files) throws TlsFiles.Unusable {
    try {
      char[] none = new char[0];
      KeyStore own = empty();
      own.setKeyEntry("server", files.key(), none, files.chain().toArray(X509Certificate[]::new));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own, none);
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(
          keys.getKeyManagers(), TrustedAuthorities.managers(files.clientAuthorities()), null);
      return made;
    } catch (GeneralSecurityException e) {
      throw new TlsFiles.Unusable("the certificate of CLAVIGER_TLS_CERT can't be used");
    }
  }

  private static KeyStore empty() throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new IllegalStateException("an empty key store could not be created", e);
    }
    return store;
  }
}
