package io.claviger.wiring;

import io.claviger.application.audit.port.AuditReceiver;
import io.claviger.application.credentials.port.CredentialMinter;
import io.claviger.application.operations.port.Doctor;
import io.claviger.application.shared.port.CountedKind;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.retention.RetentionPolicy;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.gateway.warmup.WarmUp;
import io.claviger.wiring.SharedConfiguration.QuotaLimits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** A node's application, wired to the node's database. */
public final class NodeContext implements AutoCloseable {
  private final AnnotationConfigApplicationContext context;

  private NodeContext(AnnotationConfigApplicationContext context) {
    this.context = context;
  }

  /**
   * The parts of an application that differ from node to node.
   *
   * @param retention the operator's bounds for how long usage and the audit trail are kept
   * @param tokens the accepted access tokens
   * @param signIn the settings for signing in
   * @param issuer the options of Claviger as an issuer of statements about services
   * @param minters the sources of tokens for services without a key
   * @param doctor the examination of this node's installation
   * @param receiver the receiver of the pushed audit trail; empty if there is none
   */
  public record Options(
      RetentionPolicy retention,
      TokenOptions tokens,
      SignInOptions signIn,
      IssuerOptions issuer,
      List<CredentialMinter> minters,
      Doctor doctor,
      Optional<AuditReceiver> receiver) {
    /** The options of an application without identity provider, minters, doctor and receiver. */
    public static final Options NONE =
        new Options(
            RetentionPolicy.FOR_EVER,
            TokenOptions.ALL,
            SignInOptions.LOCAL,
            IssuerOptions.NONE,
            List.of(),
            List::of,
            Optional.empty());

    public Options {
      minters = List.copyOf(minters);
    }
  }

  /** Returns an application without identity provider, minters and doctor. */
  public static NodeContext of(
      Connections connections,
      OperatorSecrets secrets,
      OutboundSettings outbound,
      Map<CountedKind, Integer> quotas,
      String name) {
    return of(connections, secrets, outbound, quotas, name, Options.NONE);
  }

  /**
   * @param outbound the settings with which connection checks reach providers
   * @param quotas the maximum number of things of each kind that a user may have; a missing kind
   *     has no quota
   * @param name the node's name for operators
   */
  public static NodeContext of(
      Connections connections,
      OperatorSecrets secrets,
      OutboundSettings outbound,
      Map<CountedKind, Integer> quotas,
      String name,
      Options options) {
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    context.setAllowBeanDefinitionOverriding(false);
    context.registerBean(Doctor.class, options::doctor);
    context.registerBean(Connections.class, () -> connections);
    context.registerBean(OperatorSecrets.class, () -> secrets);
    context.registerBean(OutboundSettings.class, () -> outbound);
    context.registerBean(QuotaLimits.class, () -> new QuotaLimits(quotas));
    context.registerBean(RetentionPolicy.class, options::retention);
    context.registerBean(TokenOptions.class, options::tokens);
    context.registerBean(SignInOptions.class, options::signIn);
    context.registerBean(IssuerOptions.class, options::issuer);
    context.registerBean(Minters.class, () -> new Minters(options.minters()));
    context.registerBean(NodeLabel.class, () -> new NodeLabel(name));
    context.registerBean(WarmUpCalls.Parts.class);
    context.register(FeatureConfigurations.all());
    if (options.signIn().openId().isPresent()) {
      context.register(OpenIdConfiguration.class);
    }
    if (options.receiver().isPresent()) {
      context.registerBean(AuditReceiver.class, options.receiver()::get);
      context.register(AuditPushConfiguration.class);
    }
    context.refresh();
    return new NodeContext(context);
  }

  /** This application's minters for all kinds of credentials. */
  record Minters(List<CredentialMinter> all) {}

  /** Returns the object of this type, such as a use case. */
  public <T> T get(Class<T> type) {
    return context.getBean(type);
  }

  public <T> List<T> all(Class<T> type) {
    return context.getBeanProvider(type).stream().toList();
  }

  /**
   * Creates an object of each of these classes with the class's only constructor. The constructors'
   * arguments are objects of the application, the given objects, and other objects that this method
   * creates. Returns the new objects of this type, in the order of their classes.
   */
  public <T> List<T> make(Class<T> kind, List<Class<?>> classes, Object... given) {
    DefaultListableBeanFactory made = new DefaultListableBeanFactory(context.getBeanFactory());
    for (Object one : given) {
      made.registerSingleton(one.getClass().getName(), one);
    }
    for (Class<?> type : classes) {
      made.registerBeanDefinition(
          type.getName(),
          new RootBeanDefinition(type, AbstractBeanDefinition.AUTOWIRE_CONSTRUCTOR, false));
    }
    return made.getBeanProvider(kind).stream().toList();
  }

  /**
   * Returns the calls that a node sends to itself before it serves callers. No real user makes
   * these calls.
   */
  public WarmUp.Calls warmUpCalls(Endpoint endpoint) {
    return WarmUpCalls.to(endpoint, get(WarmUpCalls.Parts.class));
  }

  @Override
  public void close() {
    context.close();
  }
}
