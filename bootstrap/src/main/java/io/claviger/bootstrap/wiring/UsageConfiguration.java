package io.claviger.bootstrap.wiring;

import io.claviger.application.usage.UsageModule;
import io.claviger.application.usage.port.UsageStore;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class UsageConfiguration {
  @Bean
  UsageModule usage(UsageStore books, InstantSource clock) {
    return UsageModule.of(books, clock);
  }
}
