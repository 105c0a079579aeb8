package io.claviger.benchmarks;

import io.claviger.domain.policy.KeyCandidates;
import io.claviger.domain.policy.KeyCandidates.KeyCandidate;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.KeyPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Measures how long it takes to decide which key a call uses. All inputs of the decision occur, in
 * an order that no branch predictor can learn.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KeyDecisionBenchmark {
  private static final boolean[] EITHER = {true, false};

  private final KeyCandidates[] asked = all();
  private int next;

  @Benchmark
  public KeyDecision decide() {
    KeyCandidates given = asked[next];
    next = next + 1 == asked.length ? 0 : next + 1;
    return KeyDecision.decide(given);
  }

  private static KeyCandidates[] all() {
    List<KeyCandidates> all = new ArrayList<>();
    for (boolean mayUse : EITHER) {
      for (boolean enabled : EITHER) {
        for (boolean keyless : EITHER) {
          for (KeyPolicy policy : policies()) {
            for (KeyCandidate user : KeyCandidate.values()) {
              for (KeyCandidate central : KeyCandidate.values()) {
                for (boolean deployment : EITHER) {
                  for (boolean headersOpen : EITHER) {
                    all.add(
                        new KeyCandidates(
                            mayUse,
                            enabled,
                            keyless,
                            policy,
                            user,
                            central,
                            deployment,
                            headersOpen));
                  }
                }
              }
            }
          }
        }
      }
    }
    Collections.shuffle(all, new Random(42));
    return all.toArray(new KeyCandidates[0]);
  }

  private static List<KeyPolicy> policies() {
    List<KeyPolicy> valid = new ArrayList<>();
    for (boolean central : EITHER) {
      for (boolean user : EITHER) {
        for (boolean fallback : EITHER) {
          valid.add(new KeyPolicy(central, user, fallback));
        }
      }
    }
    valid.removeIf(policy -> !policy.faults().isEmpty());
    return valid;
  }
}
