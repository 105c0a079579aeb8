/**
 * The commands {@code apply} and {@code export}: a file describes the state that services,
 * definitions, groups, projects, models and prices should have. {@link
 * io.claviger.client.apply.DesiredState} is the state that the file describes, {@link
 * io.claviger.client.apply.ActualState} is the state on the server, and {@link
 * io.claviger.client.apply.Plan} contains the steps from the second state to the first.
 */
package io.claviger.client.apply;
