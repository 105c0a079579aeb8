package io.claviger.bootstrap.wiring;

import io.claviger.application.instances.out.Instances;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.keys.out.UserKeys;
import io.claviger.application.shared.Attempts;
import io.claviger.application.userkeys.UserKeysModule;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class UserKeysConfiguration {
  @Bean
  UserKeysModule userKeys(Instances instances, UserKeys keys, Sealer sealer, Attempts attempts) {
    return UserKeysModule.of(instances, keys, sealer, attempts);
  }
}
