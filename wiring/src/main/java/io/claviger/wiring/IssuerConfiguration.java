package io.claviger.wiring;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.issuer.ServiceStatements;
import io.claviger.application.issuer.SigningKeys;
import io.claviger.application.issuer.StatementIssuer;
import io.claviger.application.issuer.port.IssuerKeyStore;
import io.claviger.application.issuer.port.KeySetReader;
import io.claviger.application.issuer.port.StatementSigner;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.persistence.issuer.JdbcIssuerKeys;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class IssuerConfiguration {
  @Bean
  IssuerKeyStore issuerKeyStore(Database database) {
    return new JdbcIssuerKeys(database);
  }

  @Bean
  StatementSigner statementSigner(IssuerOptions options) {
    return options.signer();
  }

  /** If the reader is closeable, it is closed together with the context. */
  @Bean
  KeySetReader keySetReader(IssuerOptions options) {
    return options.reader();
  }

  @Bean
  SigningKeys signingKeys(
      IssuerKeyStore store, StatementSigner signer, Sealer sealer, AuditedChanges changes) {
    return new SigningKeys(store, signer, sealer, changes);
  }

  @Bean
  ServiceStatements serviceStatements(
      IssuerOptions options, SigningKeys keys, InstanceStore services, AuditedChanges changes) {
    return new ServiceStatements(options.issuer(), keys, services, changes);
  }

  @Bean
  StatementIssuer statementIssuer(
      IssuerOptions options,
      SigningKeys keys,
      KeySetReader reader,
      InstanceStore services,
      AuditedChanges changes) {
    return StatementIssuer.of(options.issuer(), keys, reader, services, changes);
  }

  @Bean
  Upkeep issuerKeys(StatementIssuer issuer) {
    return Upkeep.each(Duration.ofMinutes(5), "issuer-keys", issuer::advance).openingValues();
  }
}
