/**
 * The commands {@code apply} and {@code export}, which work with the desired state of services,
 * definitions, groups, projects, models and prices in a file. {@link
 * io.claviger.client.apply.DesiredState} is the state in the file, {@link
 * io.claviger.client.apply.ActualState} that on the server, and {@link
 * io.claviger.client.apply.Plan} has the steps from one to the other.
 */
package io.claviger.client.apply;
