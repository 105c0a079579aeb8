package io.claviger.wiring;

import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.application.trusts.TokenExchange;
import io.claviger.application.trusts.TrustedIssuers;
import io.claviger.application.trusts.Trusts;
import io.claviger.application.trusts.port.JwtVerifier;
import io.claviger.application.trusts.port.TrustStore;
import io.claviger.application.trusts.port.TrustedIssuerStore;
import io.claviger.domain.identity.Issuer;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.trusts.JdbcTrustedIssuers;
import io.claviger.persistence.trusts.JdbcTrusts;
import java.net.URI;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@Configuration(proxyBeanMethods = false)
@Import(TokenExchange.Stores.class)
class TrustsConfiguration {
  @Bean
  TrustedIssuerStore trustedIssuerStore(Database database) {
    return new JdbcTrustedIssuers(database);
  }

  @Bean
  TrustStore trustStore(Database database) {
    return new JdbcTrusts(database);
  }

  @Bean
  TrustedIssuers trustedIssuers(
      TrustedIssuerStore issuers,
      SignInOptions signIn,
      IssuerOptions own,
      CredentialStore credentials,
      AuditedChanges changes) {
    return TrustedIssuers.of(issuers, people(signIn), own.issuer(), credentials, changes);
  }

  private static Optional<Issuer> people(SignInOptions signIn) {
    return signIn.openId().map(openId -> openId.settings().issuer());
  }

  @Bean
  Trusts trusts(
      UserStore users,
      TrustStore trusts,
      TrustedIssuerStore issuers,
      CredentialStore credentials,
      AuditedChanges changes) {
    return Trusts.of(users, trusts, issuers, credentials, changes);
  }

  /** If the verifier is closeable, it is closed together with the context. */
  @Bean
  JwtVerifier jwtVerifier(SignInOptions signIn) {
    return signIn.jwts().orElseGet(NoJwts::new);
  }

  @Bean
  TokenExchange tokenExchange(
      TokenExchange.Stores stores,
      JwtVerifier verifier,
      SignInOptions signIn,
      IssuerOptions own,
      RandomBytes random,
      AuditedChanges changes) {
    return TokenExchange.of(
        stores,
        verifier,
        new TokenExchange.Installation(
            signIn.publicUrl().map(URI::toString), people(signIn), own.issuer()),
        random,
        changes);
  }

  private static final class NoJwts implements JwtVerifier {
    @Override
    public Optional<Issuer> issuerOf(String jwt) {
      return Optional.empty();
    }

    @Override
    public Verification verify(Issuer issuer, String jwt) {
      return new Verification.Invalid();
    }
  }
}
