package io.claviger.gateway.model;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The requested models, as {@link ModelScan} or {@link MultipartScan} finds them in a body. After
 * the end of the body, the gateway compares these models with the allowed models. An earlier
 * comparison is impossible: the body may name the model that selects the service, and the service
 * decides which models are allowed.
 */
final class AskedModels {
  /** The maximum number of different models in a body; a body with more models is refused. */
  static final int MOST = 100;

  private final Optional<String> inPath;
  private final boolean leads;
  private final UnaryOperator<String> bare;
  private final Optional<String> substitutes;
  private final Set<String> asked = new LinkedHashSet<>();
  private boolean unreadable;
  private boolean beyond;
  private boolean modelNamed;
  private int repeated;

  /**
   * The model in a member that should repeat the path's model but names a different model; null if
   * there is no such member.
   */
  private @Nullable String other;

  /**
   * @param inPath the model in the path; empty if the path names no model
   * @param leads true if the name in the body selected the service; the gateway then replaces this
   *     name
   */
  AskedModels(Optional<String> inPath, boolean leads) {
    this(inPath, leads, stated -> stated, Optional.empty());
  }

  /**
   * @param bare a function that converts the text in the body to the name of the model
   * @param substitutes the path, in the body, of the member with the models that may answer instead
   *     of the called model; ignored if the call's path names the model
   */
  AskedModels(
      Optional<String> inPath,
      boolean leads,
      UnaryOperator<String> bare,
      Optional<String> substitutes) {
    this.inPath = inPath;
    this.leads = leads;
    this.bare = bare;
    this.substitutes = inPath.isPresent() ? Optional.empty() : substitutes;
  }

  Optional<String> inPath() {
    return inPath;
  }

  /**
   * Returns the path, in the body, of the member with the models that may answer instead of the
   * called model. If the result is empty, a body with such models is refused.
   */
  Optional<String> substitutes() {
    return substitutes;
  }

  /**
   * Whether a name in the body differs from the model in the path. If the gateway replaces the name
   * in the body, the result is always false.
   */
  boolean isAnother(String name) {
    return !leads && inPath.isPresent() && !inPath.get().equals(name);
  }

  /** Records that parsers might understand the body differently, unless the condition is true. */
  void demand(boolean fulfilled) {
    unreadable |= !fulfilled;
  }

  /**
   * Called at the beginning of the member or part that names the call's model. A body may have only
   * one such member or part.
   */
  void beginModel() {
    demand(!modelNamed);
    modelNamed = true;
  }

  /**
   * Records the call's model as the body names it.
   *
   * @param name the name in the body; null if it is too long to be the name of a model
   */
  void model(@Nullable String name) {
    if (!leads) {
      add(name == null ? null : bare.apply(name));
    }
  }

  /**
   * Records a model that the body requests.
   *
   * @param name the name in the body; null if it can't be the name of an allowed model
   */
  void add(@Nullable String name) {
    beyond |= name == null;
    if (name != null && !beyond && asked.size() <= MOST) {
      asked.add(name);
    }
  }

  /** Records the models that headers of the request name. */
  void addAll(ProviderApi api, String path, HttpHeaders headers) {
    for (String header : api.modelHeaders(path)) {
      headers.getAll(header).forEach(value -> add(value.strip()));
    }
  }

  /** Processes a member that has to repeat the model in the path. */
  void repeat(String name) {
    if (inPath.orElseThrow().equals(name)) {
      repeated++;
    } else {
      demand(leads && (other == null || other.equals(name)));
      other = name;
    }
  }

  /**
   * @throws CallRefused if parsers might understand the body differently
   */
  void demandReadable() {
    if (unreadable || (!modelNamed && inPath.isEmpty())) {
      throw ModelScan.notReadable();
    }
  }

  /**
   * Called at the end of the body. Unless the body selects the service, checks that the gateway
   * could read which models the body requests.
   *
   * @throws CallRefused under the same conditions as {@link #demandReadable}
   */
  void end() {
    if (!leads) {
      demandReadable();
    }
  }

  /**
   * Returns the requested models; empty if parsers might understand the body differently, if a name
   * is too long for a model, or if the body requests too many models.
   */
  Optional<Set<String>> all() {
    boolean readable = !unreadable && !beyond && asked.size() <= MOST;
    return readable && (modelNamed || inPath.isPresent()) ? Optional.of(asked) : Optional.empty();
  }

  /**
   * Returns the requested models. The model in the path is not included.
   *
   * @throws CallRefused if the body requests a model that is not allowed, or if the body is
   *     unreadable
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
   * Checks that the service allows the models in the body.
   *
   * @param model the provider's name for the model that selected the service
   * @param edits the number of values in the body that the gateway replaces with {@code model}
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
