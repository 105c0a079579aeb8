/** Groups of users, their members and their managers. */
@NullMarked
package io.claviger.application.groups;

import org.jspecify.annotations.NullMarked;
