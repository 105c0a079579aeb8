/**
 * The dependency rule and what else holds for the whole house. Each rule has a test that shows it
 * can fail.
 */
package io.claviger.architecture;
