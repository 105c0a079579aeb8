package io.claviger.bootstrap.node;

import io.claviger.application.accounts.Users;
import io.claviger.application.audit.port.AuditReceiver;
import io.claviger.application.identity.OidcSettings;
import io.claviger.application.issuer.port.StatementSigner;
import io.claviger.application.routing.ModelRouting;
import io.claviger.application.sessions.LocalSignIn;
import io.claviger.application.sessions.SignInLinks;
import io.claviger.application.shared.Refusal;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.doctor.Examination;
import io.claviger.bootstrap.metrics.Metrics;
import io.claviger.bootstrap.push.PushReceiver;
import io.claviger.bootstrap.settings.AuditPushSettings;
import io.claviger.bootstrap.settings.KeptEncryptionKey;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.bootstrap.telemetry.Telemetry;
import io.claviger.bootstrap.tls.ServerTls;
import io.claviger.credentials.CredentialMinters;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.gateway.out.PermittedAddresses;
import io.claviger.gateway.warmup.WarmUp;
import io.claviger.host.Confidential;
import io.claviger.host.DataDirectory;
import io.claviger.host.StartRefused;
import io.claviger.oidc.NimbusIdentityProvider;
import io.claviger.oidc.PublishedKeySets;
import io.claviger.oidc.trust.NimbusJwtVerifier;
import io.claviger.wiring.IssuerOptions;
import io.claviger.wiring.NodeContext;
import io.claviger.wiring.OperatorSecrets;
import io.claviger.wiring.SignInOptions;
import io.claviger.wiring.TokenOptions;
import io.claviger.wiring.node.NodeCore;
import io.claviger.wiring.node.NodeName;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node that serves callers. The node starts the database, the application and the two listeners,
 * in this order, and stops them in the reverse order.
 */
public final class Node implements RunningServer {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private static final String SIGN_IN_PATH = "/console/sign-in/link/";

  private final ConnectedDatabase database;
  private final NodeCore core;
  private final Listeners listeners;
  private final Optional<Confidential> signInLink;

  private Node(
      ConnectedDatabase database,
      NodeCore core,
      Listeners listeners,
      Optional<Confidential> signInLink) {
    this.database = database;
    this.core = core;
    this.listeners = listeners;
    this.signInLink = signInLink;
  }

  /**
   * @throws StartRefused if the node can't start because of a problem that the operator can solve
   */
  public static Node start(Settings settings) {
    Listeners.demandFreePorts(settings.listeners());
    settings.listeners().tls().ifPresent(ServerTls::demandUsable);
    Telemetry.demandUsable(settings.telemetry());
    Optional<DataDirectory> data = ConnectedDatabase.data(settings);
    // The encryption keys are read before the database is created: the keys might be refused, and a
    // new key is created only if there is no database yet.
    boolean first = data.filter(directory -> !EmbeddedDatabase.existsIn(directory)).isPresent();
    OperatorSecrets secrets =
        settings.keys().awaitedWith(encryptionKeys(settings, data), LOG::warn);
    StatementSigner signer = settings.keys().wrapping().signerAtStart(LOG::warn);
    ConnectedDatabase database = ConnectedDatabase.toServe(settings);
    try {
      Node node = start(settings, secrets, signer, data, database);
      data.ifPresent(
          directory ->
              directory.replace(
                  DataDirectory.ADDRESS, Confidential.of(node.pages(settings).toString())));
      return first ? node.withSignInLink(settings, data.orElseThrow()) : node;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static Node start(
      Settings settings,
      OperatorSecrets secrets,
      StatementSigner signer,
      Optional<DataDirectory> data,
      ConnectedDatabase database) {
    database.migrate(secrets);
    OwnListeners own = new OwnListeners();
    database.localAddresses().forEach(own::add);
    OutboundSettings outbound = Listeners.outbound(settings, own);
    NodeCore core =
        NodeCore.start(
            NodeContext.of(
                database.connections(),
                secrets,
                outbound,
                settings.quotas().most(),
                NodeName.listeningOn(settings.listeners().port()),
                options(settings, signer, outbound)),
            NodeName.ofRuns(settings.listeners().port()),
            database.retention(settings.retention()));
    try {
      RootAtStart.establish(core.context().get(Users.class), secrets.adminToken(), data);
      warmUp(settings.listeners().warmUp(), core.context());
      return new Node(
          database,
          core,
          Listeners.start(settings, core.context(), database.pools(), outbound, own),
          Optional.empty());
    } catch (RuntimeException e) {
      core.close();
      throw e;
    }
  }

  private static NodeContext.Options options(
      Settings settings, StatementSigner signer, OutboundSettings outbound) {
    return new NodeContext.Options(
        settings.retention().bounds(),
        new TokenOptions(settings.gateway().importedTokens()),
        new SignInOptions(
            new LocalSignIn(settings.signIn().local()),
            settings.signIn().oidc().map(Node::openId),
            settings.signIn().publicUrl(),
            Optional.of(NimbusJwtVerifier.of(PermittedAddresses.of(outbound))),
            settings.signIn().scim()),
        new IssuerOptions(settings.signIn().issuer(), PublishedKeySets.read(), signer),
        CredentialMinters.of(
            PermittedAddresses.of(outbound),
            InstantSource.system(),
            settings.ambient().clouds(),
            settings.ambient().variables()),
        () -> Examination.of(settings),
        settings.auditPush().map(push -> receiver(push, settings, outbound)));
  }

  private static AuditReceiver receiver(
      AuditPushSettings push, Settings settings, OutboundSettings outbound) {
    return PushReceiver.of(
        push.target(),
        push.header(),
        push.authorities(),
        PermittedAddresses.of(outbound)::permittedForOperator,
        NodeName.listeningOn(settings.listeners().port()));
  }

  private static void warmUp(Duration time, NodeContext context) {
    if (time.isPositive()) {
      try (Metrics unread = new Metrics()) {
        long answered =
            WarmUp.run(context::warmUpCalls, context.get(ModelRouting.class), unread, time);
        LOG.info("warmed up with {} calls to itself", answered);
      }
    }
  }

  private static SignInOptions.OpenId openId(OidcSettings settings) {
    return new SignInOptions.OpenId(
        settings, NimbusIdentityProvider.of(settings, InstantSource.system()));
  }

  /**
   * Creates a link for the first sign-in as {@code root}. The link is in the data directory, so
   * anybody who can read this directory can use it.
   */
  private Node withSignInLink(Settings settings, DataDirectory data) {
    Confidential link =
        makeSignInLink(core.context().get(SignInLinks.class), new Handle("root"), pages(settings));
    data.replace(DataDirectory.SIGN_IN_LINK, link);
    return new Node(database, core, listeners, Optional.of(link));
  }

  /** Returns the URL at which browsers reach this node's pages. */
  private URI pages(Settings settings) {
    return settings.signIn().publicUrl().orElseGet(this::api);
  }

  /**
   * Makes a link.
   *
   * @param base the URL at which browsers reach the API; the link begins with this URL
   * @throws StartRefused if the user can't sign in with a link
   */
  public static Confidential makeSignInLink(SignInLinks links, Handle user, URI base) {
    String secret = links.make(user).orThrow(why -> refused(why, user)).reveal();
    return Confidential.of(base.resolve(SIGN_IN_PATH + secret).toString());
  }

  private static StartRefused refused(Refusal why, Handle user) {
    return new StartRefused(
        switch (why) {
          case Refusal.Conflict conflict -> conflict.detail();
          case Refusal.Forbidden forbidden -> forbidden.why();
          default ->
              "there is no user %s; an administrator adds people in the console (People, Add somebody)"
                      .formatted(user.value())
                  + " or with POST /v1/users";
        });
  }

  /**
   * Returns the encryption keys in the settings. If the settings have none, returns the keys in the
   * data directory.
   */
  public static Confidential encryptionKeys(Settings settings, Optional<DataDirectory> data) {
    return data.map(
            directory ->
                KeptEncryptionKey.orOf(
                    settings.keys(), directory, EmbeddedDatabase.existsIn(directory), LOG::info))
        .orElseGet(() -> settings.keys().encryptionKeys().orElseThrow());
  }

  @Override
  public URI api() {
    return listeners.api();
  }

  @Override
  public URI gateway() {
    return listeners.gateway();
  }

  @Override
  public Optional<Confidential> signInLink() {
    return signInLink;
  }

  /** Returns the application that runs in this node, for code in the same process. */
  public NodeContext context() {
    return core.context();
  }

  @Override
  public CompletableFuture<String> failure() {
    return database.failure();
  }

  @Override
  public Duration notice() {
    return listeners.notice();
  }

  @Override
  public void stop(Duration grace) {
    if (grace.isPositive()) {
      listeners.leave();
    }
    listeners.stop(grace);
    if (grace.isPositive()) {
      core.close();
    } else {
      core.closeWithoutDatabase();
    }
    database.close();
  }

  /** Ensures that the user {@code root} exists and has an access token. */
  private static final class RootAtStart {
    private static final Logger LOG = LoggerFactory.getLogger(RootAtStart.class);

    private RootAtStart() {}

    /**
     * @param fromEnvironment {@code CLAVIGER_ADMIN_TOKEN}
     * @param data the directory to which a first token is written. If empty, the database is the
     *     operator's own, and {@code claviger admin-token} creates the token
     */
    static void establish(
        Users users, Optional<TokenText> fromEnvironment, Optional<DataDirectory> data) {
      if (fromEnvironment.isPresent()) {
        users.establishRoot(fromEnvironment.get());
      } else if (data.isPresent()) {
        users.createRootAtFirstStart().ifPresent(token -> keep(token, data.get()));
      }
    }

    private static void keep(TokenText token, DataDirectory data) {
      data.replace(DataDirectory.ADMIN_TOKEN, Confidential.of(token.reveal()));
      LOG.info(
          "an access token for root was written to {}",
          data.path().resolve(DataDirectory.ADMIN_TOKEN));
    }
  }
}
