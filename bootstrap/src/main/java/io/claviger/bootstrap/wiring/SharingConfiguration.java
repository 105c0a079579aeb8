package io.claviger.bootstrap.wiring;

import io.claviger.application.accounts.out.Users;
import io.claviger.application.instances.out.Instances;
import io.claviger.application.shared.Attempts;
import io.claviger.application.sharing.SharingModule;
import io.claviger.application.sharing.out.Shares;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SharingConfiguration {
  @Bean
  SharingModule sharing(Instances instances, Shares shares, Users users, Attempts attempts) {
    return SharingModule.of(instances, shares, users, attempts);
  }
}
