package io.claviger.wiring;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.oauth.DeviceGrants;
import io.claviger.application.oauth.DeviceSignIn;
import io.claviger.application.oauth.port.DeviceCodeStore;
import io.claviger.application.oauth.port.RefreshTokenStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.persistence.oauth.JdbcDeviceCodes;
import io.claviger.persistence.oauth.JdbcRefreshTokens;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OAuthConfiguration {
  @Bean
  DeviceCodeStore deviceCodeStore(Database database) {
    return new JdbcDeviceCodes(database);
  }

  @Bean
  RefreshTokenStore refreshTokenStore(Database database) {
    return new JdbcRefreshTokens(database);
  }

  @Bean
  DeviceGrants deviceGrants(
      UserStore users,
      AccessTokenStore tokens,
      DeviceCodeStore codes,
      RefreshTokenStore refreshTokens,
      RandomBytes random,
      RejectedTokens rejected,
      AuditedChanges changes) {
    return DeviceGrants.of(users, tokens, codes, refreshTokens, random, rejected, changes);
  }

  @Bean
  DeviceSignIn deviceSignIn(
      DeviceCodeStore codes, CredentialStore credentials, AuditedChanges changes) {
    return DeviceSignIn.of(codes, credentials, changes);
  }

  @Bean
  Upkeep expiredDevices(DeviceGrants devices) {
    return Upkeep.removing("expired-devices", devices::removeExpired);
  }
}
