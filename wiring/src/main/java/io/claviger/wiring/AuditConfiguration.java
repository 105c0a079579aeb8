package io.claviger.wiring;

import io.claviger.application.audit.AuditChain;
import io.claviger.application.audit.AuditEvents;
import io.claviger.application.audit.AuditKeys;
import io.claviger.application.audit.AuditSealer;
import io.claviger.application.audit.port.AuditChainStore;
import io.claviger.application.audit.port.AuditEventStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;
import io.claviger.custody.Ed25519HeadSigner;
import io.claviger.domain.audit.ChainHead;
import io.claviger.persistence.audit.JdbcAuditChain;
import io.claviger.persistence.audit.JdbcAuditEvents;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AuditConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(AuditConfiguration.class);

  @Bean
  AuditEventStore auditEventStore(Database database) {
    return new JdbcAuditEvents(database);
  }

  @Bean
  AuditEvents auditEvents(AuditEventStore events) {
    return AuditEvents.of(events);
  }

  @Bean
  AuditChainStore auditChainStore(Database database) {
    return new JdbcAuditChain(database);
  }

  @Bean
  AuditChain auditChain(AuditChainStore store, AuditedChanges changes, Database database) {
    return AuditChain.of(store, changes, database::clock);
  }

  @Bean
  AuditSealer auditSealer(
      AuditChainStore store,
      AuditKeys keys,
      Transactions transactions,
      Database database,
      InstantSource clock) {
    return new AuditSealer(store, keys, transactions, database::clock, clock);
  }

  @Bean
  AuditKeys auditKeys(
      AuditChainStore store, Sealer sealer, Database database, InstantSource clock) {
    return new AuditKeys(store, new Ed25519HeadSigner(), sealer, database::clock, clock);
  }

  /** Links each new event to the audit chain, within a second after the event was recorded. */
  @Bean
  Upkeep auditLinks(AuditSealer sealer) {
    return Upkeep.of("audit-links", () -> sealer.seal() ? Duration.ZERO : Duration.ofMillis(500));
  }

  /**
   * Signs the newest link (the head) of the audit chain. The node's log also contains each signed
   * head. So operators who collect logs outside of the database have copies that somebody with
   * write access to the database can't change.
   */
  @Bean
  Upkeep auditHeads(AuditSealer sealer, AuditKeys keys) {
    return Upkeep.each(
            Duration.ofMinutes(1),
            "audit-heads",
            () -> {
              logUnsealable(sealer.takeUnsealable());
              sealer.signHead().ifPresent(AuditConfiguration::log);
              logForged(sealer.takeForgedHeads(), keys.takePassedOver());
            })
        .openingValues();
  }

  /**
   * Checks whether there are events that are not linked to the audit chain yet, or that no signed
   * head covers yet. Metrics show the result.
   */
  @Bean
  Upkeep auditWatch(AuditSealer sealer) {
    return Upkeep.each(
            AuditSealer.LOOKS,
            "audit-watch",
            () -> {
              sealer.look();
              sealer.heldUpBy().forEach(AuditConfiguration::log);
            })
        .openingValues();
  }

  /**
   * For each kind of event that was only counted in the past hour, records one event with the
   * count.
   */
  @Bean
  Upkeep auditSums(AuditTrail trail, Ids ids) {
    return Upkeep.removing("audit-sums", () -> trail.recordSums(ids));
  }

  private static void log(AuditChainStore.TurnHolder session) {
    LOG.error(
        "events of the audit trail wait for their numbers, because a session of the database keeps"
            + " nodes from numbering them: process={} role={} program={} address={} since={}; if"
            + " this session is not a working node, end it with: select pg_terminate_backend({})",
        session.process(),
        session.role(),
        session.program(),
        session.address(),
        session.since().map(Instant::toString).orElse(""),
        session.process());
  }

  private static void log(ChainHead head) {
    LOG.info(
        "the head of the audit trail is number={} hash={} at={} key={} signature={}",
        head.number(),
        head.hash(),
        head.at(),
        head.keyId(),
        head.signature());
  }

  private static void logForged(int heads, Set<String> keys) {
    if (heads > 0) {
      LOG.error(
          "the stored head of the audit trail was not signed by a key of this trail, or its link is"
              + " missing; the newest link is signed again");
    }
    if (!keys.isEmpty()) {
      LOG.error("these keys of the audit trail can't be opened, and sign nothing: {}", keys);
    }
  }

  private static void logUnsealable(int found) {
    if (found > 0) {
      LOG.error(
          "{} events with impossible times or ids of other events were inserted into the audit"
              + " trail, and get no number; audit verify finds them",
          found);
    }
  }
}
