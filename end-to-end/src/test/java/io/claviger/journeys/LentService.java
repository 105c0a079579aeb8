package io.claviger.journeys;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** A shared node on which Alice lends a service to Bob before each test. */
abstract class LentService extends AliceAndBob {
  static final String SERVICE = "alice/lent";
  static final String LENT = "/v1/llm-services/" + SERVICE;

  LentService() {}

  LentService(Map<String, String> settings) {
    super(settings);
  }

  @BeforeEach
  void lend() {
    journey.service(alice, SERVICE);
    alice.share(SERVICE, "bob", "reader").isStatus(201);
  }
}
