package io.claviger.domain.issuer;

import io.claviger.domain.credentials.FederationProvider;
import io.claviger.domain.identity.Issuer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The values that a service's owner has to enter at a provider so that the provider exchanges
 * statements about the service for tokens. Words in capital letters stand for values that only the
 * owner knows.
 *
 * @param provider the provider that exchanges the statements
 * @param title the name of the provider for people, followed by the provider's page on which the
 *     values have to be entered
 */
public record FederationGuide(FederationProvider provider, String title, List<Entry> entries) {
  /** The placeholder that stands for the service if the guide is not for a certain service. */
  private static final String ANY_SERVICE = "service:SERVICE_ID";

  public FederationGuide {
    entries = List.copyOf(entries);
  }

  /**
   * @param label the name of the field at the provider
   * @param value the value to enter, possibly with several lines
   */
  public record Entry(String label, String value) {}

  /** Returns the address of an issuer's key set. */
  public static String keySetUrl(Issuer issuer) {
    return issuer.value().replaceAll("/+$", "") + "/oauth/keys";
  }

  /** Returns the address of an issuer's metadata (OpenID Connect Discovery 1.0, 4). */
  public static String metadataUrl(Issuer issuer) {
    return issuer.value().replaceAll("/+$", "") + "/.well-known/openid-configuration";
  }

  /**
   * Returns the guides for all providers, in the order of the providers' names.
   *
   * @param subjectOfService the subject of statements about the service; empty if the guides are
   *     not for a certain service
   */
  public static List<FederationGuide> all(Issuer issuer, Optional<String> subjectOfService) {
    String subject = subjectOfService.orElse(ANY_SERVICE);
    return Stream.of(FederationProvider.values())
        .sorted(Comparator.comparing(FederationProvider::wireName))
        .map(provider -> of(provider, issuer, subject))
        .toList();
  }

  private static FederationGuide of(FederationProvider provider, Issuer issuer, String subject) {
    return switch (provider) {
      case OPENAI -> openai(issuer, subject);
      case ANTHROPIC -> anthropic(issuer, subject);
      case AWS -> aws(issuer, subject);
      case GOOGLE -> google(issuer, subject);
      case AZURE -> azure(issuer, subject);
      case RFC8693 -> standard(issuer, subject);
    };
  }

  private static String audience(FederationProvider provider) {
    return provider.fixedAudience().orElseThrow();
  }

  private static FederationGuide anthropic(Issuer issuer, String subject) {
    return new FederationGuide(
        FederationProvider.ANTHROPIC,
        "Anthropic: Claude Console, Workload identity",
        List.of(
            new Entry("Issuer: Issuer URL", issuer.value()),
            new Entry(
                "Issuer: JWKS source",
                "OIDC discovery; if Anthropic can't reach the issuer: inline, with the key set"),
            new Entry("Issuer: single use of the jti", "on"),
            new Entry("Federation rule: subject (exact match)", subject),
            new Entry("Federation rule: audience", "https://api.anthropic.com"),
            new Entry("Federation rule: target", "the service account and its workspace")));
  }

  private static FederationGuide aws(Issuer issuer, String subject) {
    String name = issuer.value().replaceFirst("^https?://", "");
    return new FederationGuide(
        FederationProvider.AWS,
        "AWS: IAM, Identity providers, and the trust policy of the role",
        List.of(
            new Entry("Identity provider: type", "OpenID Connect"),
            new Entry("Identity provider: Provider URL", issuer.value()),
            new Entry("Identity provider: Audience", audience(FederationProvider.AWS)),
            new Entry(
                "Role: trust policy",
                """
                {
                  "Version": "2012-10-17",
                  "Statement": [
                    {
                      "Effect": "Allow",
                      "Principal": {"Federated": "arn:aws:iam::ACCOUNT_ID:oidc-provider/%1$s"},
                      "Action": "sts:AssumeRoleWithWebIdentity",
                      "Condition": {
                        "StringEquals": {"%1$s:aud": "%2$s", "%1$s:sub": "%3$s"}
                      }
                    }
                  ]
                }"""
                    .formatted(name, audience(FederationProvider.AWS), subject))));
  }

  private static FederationGuide azure(Issuer issuer, String subject) {
    return new FederationGuide(
        FederationProvider.AZURE,
        "Azure: Microsoft Entra, App registrations, Certificates & secrets, Federated credentials",
        List.of(
            new Entry("Federated credential scenario", "Other issuer"),
            new Entry("Issuer", issuer.value()),
            new Entry("Subject identifier (Value)", subject),
            new Entry("Audience", audience(FederationProvider.AZURE)),
            new Entry(
                "Role of the application at the Azure AI resource",
                "Cognitive Services OpenAI User")));
  }

  private static FederationGuide google(Issuer issuer, String subject) {
    return new FederationGuide(
        FederationProvider.GOOGLE,
        "Google Cloud: IAM, Workload Identity Federation, and the grant of the role",
        List.of(
            new Entry("Provider: type", "OpenID Connect (OIDC)"),
            new Entry("Provider: Issuer (URL)", issuer.value()),
            new Entry(
                "Provider: JWK file (JSON)", "none; if Google can't reach the issuer: the key set"),
            new Entry("Provider: Audiences", "Default audience"),
            new Entry("Attribute mapping: google.subject", "assertion.sub"),
            new Entry("Attribute condition", "assertion.sub == '" + subject + "'"),
            new Entry(
                "Principal that gets the role Vertex AI User (or Workload Identity User of a"
                    + " service account)",
                "principal://iam.googleapis.com/projects/PROJECT_NUMBER/locations/global/"
                    + "workloadIdentityPools/POOL_ID/subject/"
                    + subject)));
  }

  private static FederationGuide openai(Issuer issuer, String subject) {
    return new FederationGuide(
        FederationProvider.OPENAI,
        "OpenAI: Organization settings, Security, Workload Identity Provider",
        List.of(
            new Entry("Provider: Issuer", issuer.value()),
            new Entry("Provider: Audience", "https://api.openai.com/v1"),
            new Entry(
                "Provider: key source",
                "discovery; if OpenAI can't reach the issuer: the uploaded key set"),
            new Entry("Service account mapping: sub (exact match)", subject)));
  }

  private static FederationGuide standard(Issuer issuer, String subject) {
    return new FederationGuide(
        FederationProvider.RFC8693,
        "Any other server that exchanges tokens (RFC 8693)",
        List.of(
            new Entry("Issuer", issuer.value()),
            new Entry("Key set (jwks_uri)", keySetUrl(issuer)),
            new Entry("Signature", "RS256, 2048 bits"),
            new Entry("Subject (exact match)", subject),
            new Entry("Audience", "the token_url of the service")));
  }
}
