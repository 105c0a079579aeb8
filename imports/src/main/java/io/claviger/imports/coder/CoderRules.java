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
import io.claviger.imports.coder.CoderContent.OldUserKey;
import io.claviger.imports.shared.ReportReason;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rules for converting Coder's rows. */
final class CoderRules {
  /** Those kinds of providers that have the same name in Coder and Claviger. */
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

  /** Where calls to a provider go, or why this can't be decided. */
  sealed interface Destined {
    record To(Provider provider, Endpoint endpoint) implements Destined {}

    record LeftOut(ReportReason reason, String detail) implements Destined {}
  }

  /**
   * Decides the destination of calls to a provider. In some formats, Coder's endpoint ends with a
   * version, which is removed here. Google has a second endpoint for OpenAI's format.
   */
  static Destined destination(OldProvider old) {
    if (!SAME.contains(old.type())) {
      return new Destined.LeftOut(
          ReportReason.PROVIDER_UNKNOWN, "Claviger knows no provider of this kind");
    }
    if (old.settings()) {
      return new Destined.LeftOut(
          ReportReason.CREDENTIAL_KIND,
          "its credential is not an API key; store the credential in Claviger");
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

  /**
   * Removes the version at the endpoint's end if, in this format, Claviger treats the version as
   * part of the operation.
   */
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
   * Whether a user's key may be sent to the destination. The user has agreed only to the provider's
   * own address, and to the address that the provider had in Coder when the user stored the key. If
   * keys were sent to any other address, somebody who changed the address later could get the keys
   * of all users.
   *
   * @param allowed the addresses to which the operator allows sending all keys of users
   */
  static boolean mayGo(OldUserKey key, OldProvider old, Destined.To to, Set<Endpoint> allowed) {
    boolean own =
        Provider.of(old.type())
            .defaultEndpoint()
            .filter(at -> at.scheme().equals(to.endpoint().scheme()))
            .filter(at -> at.host().equals(to.endpoint().host()))
            .filter(at -> at.port() == to.endpoint().port())
            .isPresent();
    return own
        || !old.changedAt().isAfter(key.storedAt())
        || allowed.contains(to.endpoint())
        || allowed.contains(Endpoint.of(old.baseUrl().strip()));
  }

  /**
   * Returns the policy for the keys that a service may use. In a schema without policies, users may
   * bring their own keys for every provider, and users without a key of their own use the central
   * key. If a provider has no stored key, the deployment's key is used, as for all services with a
   * central key.
   *
   * @param hasUserKeys whether at least one user has their own key for the provider
   */
  static KeyPolicy policy(Optional<OldPolicy> old, boolean hasUserKeys) {
    return old.map(p -> new KeyPolicy(p.centralKey(), p.userKeys(), p.fallbackToCentral()))
        .filter(policy -> policy.faults().isEmpty())
        .orElse(hasUserKeys ? new KeyPolicy(true, true, true) : KeyPolicy.DEFAULT);
  }

  /**
   * The order in which models are imported: Coder's default model, other enabled models, remaining
   * models. Within each group, the oldest model is first. If the catalogue is empty, the first
   * imported model becomes the default.
   */
  static final Comparator<OldModel> DEFAULT_FIRST =
      Comparator.<OldModel, Boolean>comparing(m -> !(m.isDefault() && m.enabled()))
          .thenComparing(m -> !m.enabled())
          .thenComparing(OldModel::createdAt)
          .thenComparing(OldModel::id);

  /** Returns the text as a display name if it is valid, and otherwise the other name. */
  static DisplayName displayName(String text, String otherwise) {
    try {
      return new DisplayName(text.isBlank() ? otherwise : text.strip());
    } catch (InvalidValue e) {
      return new DisplayName(otherwise);
    }
  }
}
