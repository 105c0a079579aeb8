/** Groups of users: the list of them, and who is in one. */
@NullMarked
package io.claviger.console.groups;

import org.jspecify.annotations.NullMarked;
