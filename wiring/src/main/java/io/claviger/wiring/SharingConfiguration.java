package io.claviger.wiring;

import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.requests.port.BorrowRequestStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shares.Grantees;
import io.claviger.application.sharing.CallerAttributions;
import io.claviger.application.sharing.MemberSight;
import io.claviger.application.sharing.ShareGrants;
import io.claviger.application.sharing.Sharing;
import io.claviger.application.sharing.port.AccessHistory;
import io.claviger.application.sharing.port.AttributedUsers;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.persistence.keys.JdbcNamingKeys;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.sharing.JdbcAccessHistory;
import io.claviger.persistence.sharing.JdbcAttributedUsers;
import io.claviger.persistence.sharing.JdbcShares;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SharingConfiguration {
  @Bean
  InstanceShareStore instanceShareStore(Database database) {
    return JdbcShares.ofInstances(database);
  }

  @Bean
  ShareGrants shareGrants(
      InstanceStore instances,
      InstanceShareStore shares,
      BorrowRequestStore requests,
      Grantees grantees,
      AuditedChanges changes) {
    return new ShareGrants(instances, shares, requests, grantees, changes);
  }

  @Bean
  AccessHistory accessHistory(Database database) {
    return new JdbcAccessHistory(database);
  }

  @Bean
  AttributedUsers attributedUsers(Database database) {
    return new JdbcAttributedUsers(database);
  }

  @Bean
  CallerAttributions callerAttributions(
      InstanceStore instances,
      AttributedUsers callers,
      Database database,
      Sealer sealer,
      AuditedChanges changes) {
    return CallerAttributions.of(
        instances, callers, new JdbcNamingKeys(database), sealer, changes::now);
  }

  @Bean
  Sharing sharing(
      InstanceStore instances,
      InstanceShareStore shares,
      BorrowRequestStore requests,
      Grantees grantees,
      AccessHistory history,
      GroupStore groups,
      AttributedUsers callers,
      AuditedChanges changes) {
    return Sharing.of(
        instances, shares, requests, grantees, history, new MemberSight(groups, callers), changes);
  }
}
