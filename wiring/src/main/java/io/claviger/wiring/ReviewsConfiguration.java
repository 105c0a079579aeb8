package io.claviger.wiring;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.groups.Groups;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.reviews.Reviews;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.sharing.ShareGrants;
import io.claviger.persistence.reviews.JdbcReviews;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ReviewsConfiguration {
  @Bean
  Reviews reviews(
      Database database,
      UserStore users,
      InstanceStore instances,
      GroupStore groups,
      ShareGrants grants,
      Groups members,
      AuditedChanges changes) {
    return Reviews.of(
        new JdbcReviews(database), users, instances, groups, grants, members, changes);
  }

  @Bean
  Upkeep oldReviews(Reviews reviews) {
    return Upkeep.removing("old-reviews", reviews::removeOld);
  }
}
