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

/** What becomes of the rows of Coder. */
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
   * Decides where calls go. Coder has its own version in some paths, which are cut off here. Google
   * has an endpoint that speaks as OpenAI does.
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

  /** In these formats the version is a part of the operation. */
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
   * Which keys a service may use. A schema that does not say so lets users bring keys of their own
   * to every provider, and uses the central key for the others. A provider without a stored key
   * uses that of the deployment, as every service does whose central key may be used.
   *
   * @param hasUserKeys whether a user has a key for it
   */
  static KeyPolicy policy(Optional<OldPolicy> old, boolean hasUserKeys) {
    return old.map(p -> new KeyPolicy(p.centralKey(), p.userKeys(), p.fallbackToCentral()))
        .filter(policy -> policy.faults().isEmpty())
        .orElse(hasUserKeys ? new KeyPolicy(true, true, true) : KeyPolicy.DEFAULT);
  }

  /**
   * The order in which models come, because the first one of an empty catalogue is its default: the
   * default there, the other enabled ones, the rest; each by age.
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
