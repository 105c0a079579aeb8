/**
 * The commands {@code apply} and {@code export}. A file describes the desired state of services,
 * definitions, groups, projects, models and prices. {@link io.claviger.client.apply.DesiredState}
 * is the state in the file, and {@link io.claviger.client.apply.ActualState} is the state on the
 * server. {@link io.claviger.client.apply.Plan} contains the steps from the actual to the desired
 * state.
 */
package io.claviger.client.apply;
