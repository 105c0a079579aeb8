package io.claviger.console.connecting;

import io.claviger.application.gateway.TestCalls;
import io.claviger.console.page.Fields;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.web.pages.Visit;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import java.util.Optional;

/** Makes the test calls that pages offer. */
public final class TestCallRunner {
  private final TestCalls calls;

  public TestCallRunner(TestCalls calls) {
    this.calls = calls;
  }

  /**
   * Calls a service once, with the model that the form names or else the service's own. Every
   * outcome is a result, unless the viewer can't see the service.
   */
  public TestCallModel.Result run(Visit visit, InstanceRef service, Fields form) {
    try {
      Optional<ModelName> model = form.optional("model", ModelName::new);
      return TestCallWords.of(
          form.check(() -> calls.call(visit.signedIn().actor(), service, model)));
    } catch (RuntimeException e) {
      Problem problem = Problems.of(e).filter(p -> p.status() != 404).orElseThrow(() -> e);
      return TestCallWords.notMade(reason(problem));
    }
  }

  private static String reason(Problem problem) {
    return problem.faults().isEmpty()
        ? problem.detail()
        : "The model's name: " + problem.faults().getFirst().detail() + ".";
  }
}
