package io.claviger.client.apply;

import io.claviger.client.apply.PlanStep.Action;
import io.claviger.client.faults.ClientFault;
import io.claviger.client.http.Api;
import io.claviger.client.http.ApiRefusal;
import io.claviger.client.http.PendingChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Carries out the steps of a plan. Steps of the same kind run concurrently. A write succeeds only
 * if the resource has not changed since it was read, so that no change by other people is lost. If
 * the server refuses a step, the other steps of the same kind still run. Steps of later kinds do
 * not run, because they might refer to the resource of the refused step.
 */
final class PlanExecution {
  private static final int PRECONDITION_FAILED = 412;
  private static final int NOT_FOUND = 404;

  private static final List<String> MADE_BY_OTHER_STEPS =
      List.of("is_default", "version", "updated_at", "updated_by", "status");

  private final RequestSender requests;
  private final SentSecrets secrets;
  private final Consumer<PlanStep> done;
  private final Queue<String> waiting = new ConcurrentLinkedQueue<>();

  /** Whether a request got no usable answer. As soon as this is true, no further step is begun. */
  private volatile boolean unanswered;

  /**
   * @param secrets the secrets that the steps send
   * @param done the receiver of each completed step; several threads call it
   */
  PlanExecution(RequestSender requests, SentSecrets secrets, Consumer<PlanStep> done) {
    this.requests = requests;
    this.secrets = secrets;
    this.done = done;
  }

  /**
   * Carries out the steps. Returns one line for each step that was refused or got no answer; empty
   * if all steps were completed.
   */
  List<String> run(List<PlanStep> steps) {
    int next = 0;
    while (next < steps.size()) {
      int end = next + 1;
      while (end < steps.size() && areTogether(steps.get(next), steps.get(end))) {
        end++;
      }
      List<String> refused = sendTogether(steps.subList(next, end));
      if (!refused.isEmpty()) {
        return refused;
      }
      next = end;
    }
    return List.of();
  }

  /** Returns one line for each step that waits for the consent of other users. */
  List<String> waiting() {
    return waiting.stream().sorted().toList();
  }

  /**
   * Whether two steps can run concurrently. Models are written one after the other, because a
   * change of one model might also change which model is the default. Shares that are no longer to
   * depend on a co-owner are written before the co-owner's own share.
   */
  private static boolean areTogether(PlanStep one, PlanStep other) {
    return one.key().kind() == other.key().kind()
        && one.key().kind() != ResourceKind.MODEL
        && Plan.isGivenAgain(one) == Plan.isGivenAgain(other)
        && (one.action() == Action.DELETE) == (other.action() == Action.DELETE);
  }

  private List<String> sendTogether(List<PlanStep> steps) {
    List<RequestSender.ApiRequest<Optional<String>>> all = new ArrayList<>();
    steps.forEach(step -> all.add(api -> attempt(step)));
    return requests.sendAll(all).stream().flatMap(Optional::stream).toList();
  }

  /**
   * Carries out a step. Returns the reason if the server refused the step or did not answer. The
   * result is empty if the step was completed, or if it was not begun because another step got no
   * answer.
   */
  private Optional<String> attempt(PlanStep step) {
    if (unanswered) {
      return Optional.empty();
    }
    try {
      send(step);
      done.accept(step);
      return Optional.empty();
    } catch (PendingChange e) {
      waiting.add("%s %s".formatted(step.key(), e.sentence()));
      return Optional.empty();
    } catch (ClientFault e) {
      unanswered = true;
      return Optional.of("%s: %s".formatted(step.key(), line(e)));
    } catch (ApiRefusal e) {
      Optional<PlanStep> again =
          e.status() == PRECONDITION_FAILED ? readAgain(step) : Optional.empty();
      if (again.isPresent()) {
        return attempt(again.get());
      }
      if (step.action() == Action.DELETE && (e.status() == NOT_FOUND || isGone(step, e))) {
        return Optional.empty();
      }
      return Optional.of("%s: %s".formatted(step.key(), why(step, e)));
    }
  }

  /**
   * Reads the model of a step again. If nothing has changed except whether the model is the
   * default, returns the step for the present model. The steps for other models can change whether
   * the model is the default: if the default model is deleted or disabled, the server chooses
   * another one.
   */
  private Optional<PlanStep> readAgain(PlanStep step) {
    if (step.key().kind() != ResourceKind.MODEL || step.current().isEmpty()) {
      return Optional.empty();
    }
    ObjectNode before = step.current().get();
    return requests
        .unlessMissing(api -> (ObjectNode) api.get(ResourcePaths.of(step.key(), step.current())))
        .filter(now -> !now.path("version").equals(before.path("version")))
        .filter(now -> lasting(now).equals(lasting(before)))
        .map(step::readAs);
  }

  /**
   * Whether a resource that could not be deleted no longer exists. A share may have ended together
   * with the share of a co-owner, which another step of the plan deletes or changes.
   */
  private boolean isGone(PlanStep step, ApiRefusal refusal) {
    return refusal.status() == PRECONDITION_FAILED
        && requests.send(api -> api.find(ResourcePaths.of(step.key(), step.current()))).isEmpty();
  }

  private static ObjectNode lasting(ObjectNode model) {
    return model.deepCopy().remove(MADE_BY_OTHER_STEPS);
  }

  private static String why(PlanStep step, ApiRefusal refusal) {
    if (refusal.status() != PRECONDITION_FAILED) {
      return line(refusal.fault());
    }
    return step.action() == Action.CREATE
        ? "somebody made it in the meantime; apply the file again"
        : "somebody changed it in the meantime; apply the file again";
  }

  private static String line(ClientFault fault) {
    return String.join(" ", fault.lines()).replaceFirst("^claviger: ", "");
  }

  private void send(PlanStep step) {
    ResourceKind kind = step.key().kind();
    String path = ResourcePaths.of(step.key(), step.current());
    ObjectNode body = step.body().deepCopy();
    step.secrets().ifPresent(delivery -> secrets.addTo(body, delivery));
    switch (step.action()) {
      case CREATE -> {
        if (kind == ResourceKind.MODEL) {
          call("POST", path, body, Map.of());
        } else {
          call("PUT", path, body, isNew(kind) ? Map.of("If-None-Match", "*") : Map.of());
        }
      }
      case CHANGE -> call(kind.isMerged() ? "PATCH" : "PUT", path, body, asRead(step));
      case DELETE -> call("DELETE", path, null, asRead(step));
    }
  }

  /** Whether a write can require that the resource does not exist yet. */
  private static boolean isNew(ResourceKind kind) {
    return kind.isVersioned() && !kind.isLimits();
  }

  private static Map<String, String> asRead(PlanStep step) {
    return step.key().kind().isVersioned()
        ? step.current()
            .filter(resource -> resource.hasNonNull("version"))
            .map(resource -> Map.of("If-Match", Api.tag(resource)))
            .orElse(Map.of())
        : Map.of();
  }

  private void call(
      String method, String path, @Nullable ObjectNode body, Map<String, String> headers) {
    Object unused = requests.send(api -> api.call(method, path, body, headers));
  }
}
