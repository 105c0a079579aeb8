package io.claviger.wiring;

import io.claviger.application.activity.CurrentActivity;
import io.claviger.application.activity.NodeActivity;
import io.claviger.application.activity.port.ActivityStore;
import io.claviger.persistence.activity.JdbcActivity;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ActivityConfiguration {
  @Bean
  ActivityStore activityStore(Database database) {
    return new JdbcActivity(database);
  }

  @Bean
  NodeActivity nodeActivity() {
    return new NodeActivity(System::nanoTime);
  }

  @Bean
  CurrentActivity currentActivity(ActivityStore store) {
    return CurrentActivity.of(store);
  }

  /** Reports this node's running calls while somebody watches the activity. */
  @Bean
  Upkeep toldActivity(NodeActivity activity, ActivityStore store) {
    return Upkeep.each(Duration.ofSeconds(1), "upkeep-activity", () -> activity.report(store));
  }

  @Bean
  Upkeep oldActivity(ActivityStore store) {
    return Upkeep.removing("old-activity", store::removeOld);
  }
}
