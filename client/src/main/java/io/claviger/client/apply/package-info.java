/**
 * {@code apply} and {@code export}: the desired state of services, definitions, groups, projects,
 * models and prices in a file. {@link io.claviger.client.apply.DesiredState} is what the file says,
 * {@link io.claviger.client.apply.ActualState} what the server has, {@link
 * io.claviger.client.apply.Plan} the steps from one to the other.
 */
@NullMarked
package io.claviger.client.apply;

import org.jspecify.annotations.NullMarked;
