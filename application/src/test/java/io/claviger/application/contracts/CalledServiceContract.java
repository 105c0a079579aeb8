package io.claviger.application.contracts;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AnInstance;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.usage.UsageAccount;
import org.junit.jupiter.api.BeforeEach;

/** The ports of a store that has a service of Alice's and a project of hers that uses it. */
@SuppressWarnings("NullAway.Init") // set before each test
abstract class CalledServiceContract extends TwoUsersContract {
  Instance service;
  Project project;

  @BeforeEach
  void createService() {
    service = stored(AnInstance.of(alice, "chat").build());
    project = stored(AProject.of(alice, "p").using(service).build());
  }

  /** On whom a call of the service counts, which is made directly or through the project. */
  final UsageAccount account(User caller, boolean through) {
    AUsage call = AUsage.of(caller, service);
    return (through ? call.through(project) : call).account();
  }
}
