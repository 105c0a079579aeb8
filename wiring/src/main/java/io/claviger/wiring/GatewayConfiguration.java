package io.claviger.wiring;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.batches.BatchReservations;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.CallBudgets;
import io.claviger.application.capacity.CapacityReports;
import io.claviger.application.credentials.MintedCredentials;
import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.application.gateway.CallAdmission;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallExplanations;
import io.claviger.application.gateway.CallKeys;
import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.gateway.DraftChecks;
import io.claviger.application.gateway.PaceLimiter;
import io.claviger.application.gateway.PassedChecks;
import io.claviger.application.gateway.RateLimiter;
import io.claviger.application.gateway.RevocationTimes;
import io.claviger.application.gateway.TestCalls;
import io.claviger.application.gateway.port.CallContexts;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.gateway.port.PaceLeases;
import io.claviger.application.gateway.port.PermitLeases;
import io.claviger.application.gateway.port.ProviderProbe;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.health.TaskRecords;
import io.claviger.application.identity.SignInFeature;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.issuer.ServiceStatements;
import io.claviger.application.keys.KeyAccess;
import io.claviger.application.keys.NamingKeys;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.NamingKeyStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.prices.PriceBook;
import io.claviger.application.rejectedkeys.KeyVerdicts;
import io.claviger.application.rejectedkeys.NotedProbe;
import io.claviger.application.rejectedkeys.RejectedKeys;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore;
import io.claviger.application.routing.port.ModelListStore;
import io.claviger.application.routing.port.RoutingContexts;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.application.sharing.port.AttributedUsers;
import io.claviger.application.standards.Standards;
import io.claviger.application.transfers.MovedCallContexts;
import io.claviger.application.usage.UsageCounter;
import io.claviger.domain.accounts.User;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.gateway.probe.OutboundProbe;
import io.claviger.gateway.testcalls.OwnGateway;
import io.claviger.persistence.accounts.JdbcAccessTokens;
import io.claviger.persistence.gateway.JdbcCallContexts;
import io.claviger.persistence.gateway.JdbcChangeFeed;
import io.claviger.persistence.gateway.JdbcPaceLeases;
import io.claviger.persistence.gateway.JdbcPermitLeases;
import io.claviger.persistence.keys.JdbcNamingKeys;
import io.claviger.persistence.rejectedkeys.JdbcRejectedKeys;
import io.claviger.persistence.routing.JdbcModelLists;
import io.claviger.persistence.routing.JdbcRoutingContexts;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.transfers.JdbcMovedReferences;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class GatewayConfiguration {
  private static final long SLOW_NANOS = 4_000_000;

  @Bean
  TaskRecords taskRecords() {
    return new TaskRecords();
  }

  @Bean
  RevocationTimes revocationTimes() {
    return new RevocationTimes(System::nanoTime);
  }

  /**
   * Reads changes. If the answering database server has changed, the connections are renewed first,
   * so that nothing more is read from the former server.
   */
  @Bean
  ChangeFeed changeFeed(
      Connections connections,
      RevocationTimes times,
      RateLimiter permits,
      PaceLimiter paces,
      BudgetReservations budgets,
      ObjectProvider<SignInFeature> signIn) {
    return new JdbcChangeFeed(
        new Database(connections.watching()),
        times,
        () -> {
          connections.renewal().run();
          permits.forget();
          paces.forget();
          budgets.doubt();
          signIn.ifAvailable(feature -> feature.refresh().doubt());
        });
  }

  /** The probe is closed together with the context. */
  @Bean
  OutboundProbe probe(OutboundSettings outbound) {
    return OutboundProbe.start(outbound);
  }

  /** The ports that gateway calls use, with separate database connections. */
  @Bean
  CallPorts callPorts(Connections connections) {
    Database calls = new Database(connections.calls());
    return new CallPorts(
        new MovedCallContexts(new JdbcCallContexts(calls), new JdbcMovedReferences(calls)),
        new JdbcRoutingContexts(calls),
        new JdbcModelLists(calls),
        new JdbcPermitLeases(calls),
        new JdbcPaceLeases(calls),
        new JdbcAccessTokens(calls),
        new JdbcNamingKeys(calls));
  }

  record CallPorts(
      CallContexts contexts,
      RoutingContexts routing,
      ModelListStore modelLists,
      PermitLeases leases,
      PaceLeases paces,
      AccessTokenStore tokens,
      NamingKeyStore namingKeys) {}

  @Bean
  AuthorizationCache cache(CallPorts ports, ChangeFeed changes) {
    return new AuthorizationCache(ports.contexts(), changes, System::nanoTime);
  }

  /**
   * The minted tokens are wiped when the context is closed. A service's token is also wiped when
   * the service changes.
   */
  @Bean
  MintedCredentials mintedCredentials(
      NodeContext.Minters minters,
      ServiceStatements statements,
      InstanceStore services,
      Sealer sealer,
      AuthorizationCache cache,
      AuditedChanges changes,
      InstantSource clock) {
    MintedCredentials minted =
        new MintedCredentials(
            minters.all(),
            statements::about,
            use ->
                services
                    .find(use.instance(), User.Id.SYSTEM, clock.instant())
                    .map(VisibleInstance::instance)
                    .filter(now -> use.isStillOf(now, now.apiKeySetAt()))
                    .isPresent(),
            use ->
                services
                    .find(use.instance(), User.Id.SYSTEM, clock.instant())
                    .map(VisibleInstance::instance)
                    .ifPresent(found -> changes.trail().record(CallKeys.unusable(changes, found))),
            sealer,
            task -> Thread.ofVirtual().name("mint").start(task),
            System::nanoTime,
            clock);
    cache.tell(minted);
    return minted;
  }

  /**
   * Renews tokens when they are due. If the exchange of a credential for a token takes too long,
   * the exchange is aborted.
   */
  @Bean
  Upkeep mintedTokens(MintedCredentials minted) {
    return Upkeep.each(Duration.ofMillis(500), "upkeep-tokens", minted::sweep);
  }

  /**
   * Wipes the tokens of changed services. A node without calls rarely reads changes, but its tokens
   * have to end when their services change.
   */
  @Bean
  Upkeep changesOfTokens(MintedCredentials minted, AuthorizationCache cache) {
    return Upkeep.each(
        Duration.ofMillis(500),
        "upkeep-changes-of-tokens",
        () -> {
          if (minted.holdsTokens() && !cache.isWanted()) {
            cache.refresh();
          }
        });
  }

  @Bean
  CallKeys callKeys(
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      RandomBytes random,
      MintedCredentials minted,
      CallPorts ports,
      AuditedChanges changes) {
    return new CallKeys(
        sealer,
        deploymentKeys,
        new NamingKeys(ports.namingKeys(), sealer, random),
        minted,
        changes);
  }

  @Bean
  RateLimiter rateLimiter(CallPorts ports) {
    return new RateLimiter(ports.leases(), System::nanoTime);
  }

  @Bean
  PaceLimiter paceLimiter(CallPorts ports) {
    return new PaceLimiter(ports.paces(), System::nanoTime);
  }

  @Bean
  CallBudgets callBudgets(
      PriceBook prices, BudgetReservations reservations, AuthorizationCache cache) {
    cache.tell(reservations);
    return new CallBudgets(prices, reservations, System::nanoTime);
  }

  @Bean
  CallAdmission callAdmission(
      RateLimiter permits, PaceLimiter paces, CallBudgets budgets, BatchReservations batches) {
    return new CallAdmission(permits, paces, budgets, batches);
  }

  @Bean
  CallAuthorization callAuthorization(
      AuthorizationCache cache,
      TokenAcceptance acceptance,
      CallPorts ports,
      RejectedTokens rejected,
      CallKeys keys,
      CallAdmission admission,
      UsageCounter usage,
      AuditedChanges changes) {
    return CallAuthorization.of(
        cache, acceptance, ports.tokens(), rejected, keys, admission, usage, changes);
  }

  @Bean
  RejectedKeyStore rejectedKeyStore(Database database) {
    return new JdbcRejectedKeys(database);
  }

  @Bean
  RejectedKeys rejectedKeys(RejectedKeyStore store, InstantSource clock) {
    return RejectedKeys.of(store, clock);
  }

  @Bean
  KeyVerdicts keyVerdicts(RejectedKeyStore store, InstantSource clock) {
    return new KeyVerdicts(store, clock);
  }

  @Bean
  ConnectionChecks connectionChecks(
      CallPorts ports,
      CallKeys keys,
      ProviderProbe probe,
      KeyVerdicts verdicts,
      PassedChecks passed,
      RateLimiter permits,
      UsageCounter usage,
      AuditedChanges changes) {
    return ConnectionChecks.of(
        ports.contexts(), keys, new NotedProbe(probe, verdicts), passed, permits, usage, changes);
  }

  @Bean
  DraftChecks draftChecks(
      Instances instances,
      ProviderProbe probe,
      MintedCredentials minted,
      RateLimiter permits,
      AuditedChanges changes) {
    return DraftChecks.of(instances, probe, minted, permits, changes);
  }

  @Bean
  OwnGateway ownGateway() {
    return new OwnGateway();
  }

  @Bean
  TestCalls testCalls(
      Instances instances,
      Standards standards,
      AccessTokens tokens,
      OwnGateway gateway,
      PriceBook prices,
      InstantSource clock) {
    return TestCalls.of(instances, standards, tokens, gateway, prices, clock);
  }

  @Bean
  CallExplanations callExplanations(
      CallPorts ports,
      UserStore users,
      GroupStore groups,
      AttributedUsers callers,
      KeyAccess keys,
      RateLimiter permits,
      PaceLimiter paces,
      CallBudgets budgets,
      CapacityReports capacities,
      MintedCredentials minted,
      AuditedChanges changes) {
    return CallExplanations.of(
        new CallExplanations.Stores(ports.contexts(), users, groups, callers),
        keys,
        permits,
        paces,
        budgets,
        capacities,
        minted,
        changes);
  }

  /**
   * Reads changed rows from the database. The intervals are several times shorter than the time for
   * which cached rows count as current. So even two consecutive slow reads take less than that
   * time.
   */
  @Bean
  Upkeep changeReading(AuthorizationCache cache) {
    return Upkeep.of(
        "upkeep-changes",
        () -> {
          if (!cache.isWanted()) {
            return Duration.ofMillis(80);
          }
          long began = System.nanoTime();
          cache.refresh();
          return Duration.ofMillis(System.nanoTime() - began < SLOW_NANOS ? 20 : 12);
        });
  }

  @Bean
  Upkeep permitRenewal(RateLimiter permits) {
    return Upkeep.each(Duration.ofMillis(150), "upkeep-permits", permits::renew);
  }

  @Bean
  Upkeep unusedPermits(RateLimiter permits) {
    return Upkeep.storing("unused-permits", permits::sweep);
  }

  @Bean
  Upkeep placeRenewal(PaceLimiter paces) {
    return Upkeep.each(Duration.ofSeconds(1), "upkeep-places", paces::renew);
  }

  @Bean
  Upkeep unusedTokens(PaceLimiter paces) {
    return Upkeep.storing("unused-tokens", paces::sweep);
  }

  @Bean
  Upkeep rejectedKeyStoring(KeyVerdicts verdicts) {
    return Upkeep.storing("rejected-keys", verdicts::flush);
  }

  @Bean
  Upkeep replacedKeys(RejectedKeyStore store) {
    return Upkeep.removing("replaced-keys", store::removeReplaced);
  }
}
