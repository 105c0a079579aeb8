package io.claviger.imports.coder;

import io.claviger.domain.DisplayName;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.standards.WireFormat;
import io.claviger.imports.coder.CoderContent.OldModel;
import io.claviger.imports.coder.CoderContent.OldPolicy;
import io.claviger.imports.coder.CoderContent.OldProvider;
import io.claviger.imports.shared.ReportReason;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The rules that translate rows of Coder. */
final class CoderRules {
  /** Coder's names of kinds of providers that Claviger knows by the same name. */
  private static final List<String> SAME =
      List.of(
          "anthropic",
          "azure",
          "bedrock",
          "google",
          "openai",
          "openai-compat",
          "openrouter",
          "vercel");

  private CoderRules() {}

  /** Where a provider's calls go. */
  sealed interface Destined {
    record To(Provider provider, Endpoint endpoint) implements Destined {}

    record LeftOut(ReportReason reason, String detail) implements Destined {}
  }

  /**
   * Decides where calls go. Some endpoints in Coder end with a version of the API, which is cut off
   * here. Google also has an endpoint in OpenAI's format.
   */
  static Destined destination(OldProvider old) {
    if (!SAME.contains(old.type())) {
      return new Destined.LeftOut(
          ReportReason.PROVIDER_UNKNOWN, "Claviger knows no provider of this kind");
    }
    if (old.settings()) {
      return new Destined.LeftOut(
          ReportReason.CREDENTIAL_KIND, "its credential is not an API key; store it here");
    }
    Provider provider = Provider.of(old.type());
    try {
      if (old.baseUrl().isBlank()) {
        return provider
            .defaultEndpoint()
            .<Destined>map(endpoint -> new Destined.To(provider, endpoint))
            .orElse(new Destined.LeftOut(ReportReason.ENDPOINT_MISSING, ""));
      }
      Endpoint endpoint = Endpoint.of(old.baseUrl().strip());
      return provider.equals(Provider.GOOGLE) && endpoint.path().endsWith("/openai")
          ? new Destined.To(Provider.OPENAI_COMPAT, endpoint)
          : new Destined.To(provider, withoutVersion(endpoint, provider.defaultFormat()));
    } catch (InvalidValue e) {
      return new Destined.LeftOut(ReportReason.INVALID_ENDPOINT, e.allowed());
    }
  }

  /** In these formats the path of the operation contains the version. */
  private static Endpoint withoutVersion(Endpoint endpoint, WireFormat format) {
    String version =
        format == Provider.ANTHROPIC.defaultFormat()
            ? "/v1"
            : format == Provider.GOOGLE.defaultFormat() ? "/v1beta" : "";
    String path = endpoint.path();
    return version.isEmpty() || !path.endsWith(version)
        ? endpoint
        : new Endpoint(
            endpoint.scheme(),
            endpoint.host(),
            endpoint.port(),
            path.substring(0, path.length() - version.length()));
  }

  /**
   * Which keys a service may use. If the schema has no such setting, users may bring keys of their
   * own for every provider, and the other users use the central key. A provider without a stored
   * key uses the key of the deployment, like every service that may use a central key.
   *
   * @param hasUserKeys whether a user has a key for the provider
   */
  static KeyPolicy policy(Optional<OldPolicy> old, boolean hasUserKeys) {
    return old.map(p -> new KeyPolicy(p.centralKey(), p.userKeys(), p.fallbackToCentral()))
        .filter(policy -> policy.faults().isEmpty())
        .orElse(hasUserKeys ? new KeyPolicy(true, true, true) : KeyPolicy.DEFAULT);
  }

  /**
   * The order in which models are imported: Coder's default, the other enabled models, the rest;
   * each of these groups by age. The order matters because the first model of an empty catalogue
   * becomes its default.
   */
  static final Comparator<OldModel> DEFAULT_FIRST =
      Comparator.<OldModel, Boolean>comparing(m -> !(m.isDefault() && m.enabled()))
          .thenComparing(m -> !m.enabled())
          .thenComparing(OldModel::createdAt)
          .thenComparing(OldModel::id);

  /** The name for display; the name of the row if there is no valid one. */
  static DisplayName displayName(String text, String otherwise) {
    try {
      return new DisplayName(text.isBlank() ? otherwise : text.strip());
    } catch (InvalidValue e) {
      return new DisplayName(otherwise);
    }
  }
}
