package io.claviger.gateway.model;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The models that {@link ModelScan} or {@link MultipartScan} has found in a body as the models that
 * the body requests. When the whole body has been read, these models are compared with the allowed
 * models. The body may name the model that decides which service is called, and only the service
 * decides which models are allowed.
 */
final class AskedModels {
  /**
   * The largest number of different models that a body may request; a body that requests more is
   * refused.
   */
  static final int MOST = 100;

  private final Optional<String> inPath;
  private final boolean leads;
  private final UnaryOperator<String> bare;
  private final Set<String> asked = new LinkedHashSet<>();
  private boolean unreadable;
  private boolean beyond;
  private boolean modelNamed;
  private int repeated;

  /**
   * The model that a member states although it should repeat the path's model; null if every such
   * member repeats the path's model.
   */
  private @Nullable String other;

  /**
   * @param inPath the model that the path names; empty if the path names none
   * @param leads whether the gateway replaces the model name in the body, because that name led to
   *     a service
   */
  AskedModels(Optional<String> inPath, boolean leads) {
    this(inPath, leads, stated -> stated);
  }

  /**
   * @param bare converts the text in the body to the name of the model
   */
  AskedModels(Optional<String> inPath, boolean leads, UnaryOperator<String> bare) {
    this.inPath = inPath;
    this.leads = leads;
    this.bare = bare;
  }

  Optional<String> inPath() {
    return inPath;
  }

  /**
   * Whether this name in the body differs from the model that the path names. The result is false
   * if the gateway replaces the name in the body, because that name led to the service.
   */
  boolean isAnother(String name) {
    return !leads && inPath.isPresent() && !inPath.get().equals(name);
  }

  /**
   * If the condition is false, records that two parsers may understand the body in different ways.
   */
  void demand(boolean fulfilled) {
    unreadable |= !fulfilled;
  }

  /**
   * Called at the beginning of a member or part that names the model of the call. A body may have
   * only one member or part of this kind.
   */
  void beginModel() {
    demand(!modelNamed);
    modelNamed = true;
  }

  /**
   * Records the name that the body gives to the model of the call.
   *
   * @param name null if the text is too long to be the name of a model
   */
  void model(@Nullable String name) {
    if (!leads) {
      add(name == null ? null : bare.apply(name));
    }
  }

  /**
   * Records a model that the body requests.
   *
   * @param name null if the text in the body can't be the name of an allowed model
   */
  void add(@Nullable String name) {
    beyond |= name == null;
    if (name != null && !beyond && asked.size() <= MOST) {
      asked.add(name);
    }
  }

  /** Processes a member that has to repeat the model that the path names. */
  void repeat(String name) {
    if (inPath.orElseThrow().equals(name)) {
      repeated++;
    } else {
      demand(leads && (other == null || other.equals(name)));
      other = name;
    }
  }

  /**
   * @throws CallRefused if two parsers may understand the body in different ways
   */
  void demandReadable() {
    if (unreadable || (!modelNamed && inPath.isEmpty())) {
      throw ModelScan.notReadable();
    }
  }

  /**
   * Called at the end of the body. Checks the models of the body, unless the body decides which
   * service is called.
   *
   * @throws CallRefused under the same conditions as {@link #demandReadable}
   */
  void end() {
    if (!leads) {
      demandReadable();
    }
  }

  /**
   * Returns the models that the body requests; empty if parsers may understand the body
   * differently, or if a name in the body is too long for a model.
   */
  Optional<Set<String>> all() {
    boolean readable = !unreadable && !beyond && asked.size() <= MOST;
    return readable && (modelNamed || inPath.isPresent()) ? Optional.of(asked) : Optional.empty();
  }

  /**
   * Returns the models that the body requests. The model that the path names is not among them.
   *
   * @throws CallRefused if the body requests a model that is not allowed, or if the body can't be
   *     read
   */
  Set<String> within(Set<ModelPattern> allowed) {
    demandReadable();
    for (String model : asked) {
      demandAllowed(allowed, model);
    }
    if (asked.size() > MOST) {
      throw ModelScan.notReadable();
    }
    if (beyond) {
      throw new CallRefused(CallError.of(CallRefusal.MODEL_NOT_ALLOWED));
    }
    return asked;
  }

  /**
   * Compares the models with the models that are allowed at the service to which the call's model
   * led.
   *
   * @param model the provider's name of the model that led to the service
   * @param edits how many values of the body are replaced by {@code model}
   * @throws CallRefused under the same conditions as {@link #within}
   */
  void demandWithin(Set<ModelPattern> allowed, String model, int edits) {
    boolean isEdited = inPath.isPresent() && !inPath.get().equals(model);
    boolean isRepeated = isEdited ? repeated == edits : inPath.isEmpty() || other == null;
    if (!isRepeated || (other != null && !other.equals(model))) {
      throw ModelScan.notReadable();
    }
    demandReadable();
    demandAllowed(allowed, model);
    Set<String> unused = within(allowed);
  }

  static void demandAllowed(Set<ModelPattern> allowed, String model) {
    if (!ModelPattern.anyMatches(allowed, model)) {
      throw new CallRefused(CallError.modelNotAllowed(model));
    }
  }
}
