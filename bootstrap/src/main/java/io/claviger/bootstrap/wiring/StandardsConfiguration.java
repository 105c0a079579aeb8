package io.claviger.bootstrap.wiring;

import io.claviger.application.shared.Attempts;
import io.claviger.application.standards.StandardsModule;
import io.claviger.application.standards.out.ApiStandards;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class StandardsConfiguration {
  @Bean
  StandardsModule standards(ApiStandards standards, Attempts attempts) {
    return StandardsModule.of(standards, attempts);
  }
}
