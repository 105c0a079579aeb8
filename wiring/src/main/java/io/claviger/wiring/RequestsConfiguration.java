package io.claviger.wiring;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.requests.BorrowRequests;
import io.claviger.application.requests.RequestReferences;
import io.claviger.application.requests.port.BorrowRequestStore;
import io.claviger.application.requests.port.LinkCipher;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.sharing.ShareGrants;
import io.claviger.persistence.requests.JdbcBorrowRequests;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RequestsConfiguration {
  @Bean
  BorrowRequestStore borrowRequestStore(Database database) {
    return new JdbcBorrowRequests(database);
  }

  @Bean
  RequestReferences requestReferences(LinkCipher cipher) {
    return new RequestReferences(cipher);
  }

  @Bean
  BorrowRequests borrowRequests(
      BorrowRequestStore requests,
      InstanceStore instances,
      UserStore users,
      ShareGrants grants,
      RequestReferences references,
      AuditedChanges changes) {
    return BorrowRequests.of(requests, instances, users, grants, references, changes);
  }

  @Bean
  Upkeep oldRequests(BorrowRequests requests) {
    return Upkeep.removing("old-requests", requests::removeOld);
  }
}
