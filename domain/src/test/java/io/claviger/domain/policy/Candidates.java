package io.claviger.domain.policy;

import io.claviger.domain.policy.KeyCandidates.KeyCandidate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All inputs of the key decision. */
final class Candidates {
  private static final boolean[] BOTH = {false, true};

  private Candidates() {}

  static Stream<KeyCandidates> all() {
    List<KeyCandidates> all = new ArrayList<>();
    for (boolean mayUse : BOTH) {
      for (boolean enabled : BOTH) {
        for (boolean keyless : BOTH) {
          for (boolean deploymentKey : BOTH) {
            for (boolean headersOpen : BOTH) {
              for (KeyCandidate user : KeyCandidate.values()) {
                if (user == KeyCandidate.UNCONFIRMED) {
                  continue;
                }
                for (KeyCandidate central : KeyCandidate.values()) {
                  Policies.all()
                      .map(
                          p ->
                              new KeyCandidates(
                                  mayUse,
                                  enabled,
                                  keyless,
                                  p,
                                  user,
                                  central,
                                  deploymentKey,
                                  headersOpen))
                      .forEach(all::add);
                }
              }
            }
          }
        }
      }
    }
    return all.stream();
  }

  static KeyCandidates withOpenHeaders(KeyCandidates c) {
    return new KeyCandidates(
        c.mayUse(),
        c.enabled(),
        c.keyless(),
        c.policy(),
        c.userKey(),
        c.centralKey(),
        c.deploymentKey(),
        true);
  }
}
