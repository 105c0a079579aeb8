package io.claviger.application.contracts;

import io.claviger.domain.accounts.User;
import org.junit.jupiter.api.BeforeEach;

/** The ports of a store that has two users besides the seeds. */
public abstract class TwoUsersContract extends PortContract {
  @SuppressWarnings("NullAway.Init") // set before each test
  User alice;

  @SuppressWarnings("NullAway.Init") // set before each test
  User bob;

  @BeforeEach
  void createUsers() {
    alice = user("alice");
    bob = user("bob");
  }
}
