package io.claviger.wiring;

import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignInLinks;
import io.claviger.application.sessions.port.SessionStore;
import io.claviger.application.sessions.port.SignInLinkStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.persistence.sessions.JdbcSessions;
import io.claviger.persistence.sessions.JdbcSignInLinks;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SessionsConfiguration {
  @Bean
  SessionStore sessionStore(Database database) {
    return new JdbcSessions(database);
  }

  @Bean
  SignInLinkStore signInLinkStore(Database database) {
    return new JdbcSignInLinks(database);
  }

  @Bean
  Sessions sessions(
      SessionStore sessions,
      SignInLinkStore links,
      UserStore users,
      TokenAcceptance acceptance,
      SignInOptions options,
      RandomBytes random,
      AuditedChanges changes) {
    return Sessions.of(sessions, links, users, acceptance, options.local(), random, changes);
  }

  @Bean
  SignInLinks signInLinks(
      SignInLinkStore links,
      UserStore users,
      SignInOptions options,
      RandomBytes random,
      AuditedChanges changes) {
    return SignInLinks.of(links, users, options.local(), random, changes);
  }

  @Bean
  Upkeep endedSessions(Sessions sessions) {
    return Upkeep.removing("ended-sessions", sessions::removeEnded);
  }

  @Bean
  Upkeep expiredLinks(SignInLinks links) {
    return Upkeep.removing("expired-links", links::removeExpired);
  }
}
