/**
 * The limits that administrators set for users and for groups. These limits apply to all calls of a
 * user, in addition to the limits of services, shares and tokens.
 */
package io.claviger.application.limits;
